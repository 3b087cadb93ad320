using WireGuardian.Core.Policies;
using WireGuardian.Proxy.Sampling;

namespace WireGuardian.Server.Scanning;

/// <summary>Which tables and columns are scanned, by globs.</summary>
/// <param name="schemas">Of schemas; none means all.</param>
/// <param name="tables">Of tables; none means all.</param>
/// <param name="exclude">Columns among them that are not.</param>
/// <param name="ignoresCase">As the listener's rules do.</param>
internal sealed class TableFilter(IReadOnlyList<string> schemas, IReadOnlyList<string> tables, IReadOnlyList<ColumnPattern> exclude, bool ignoresCase)
{
    private readonly ColumnPattern[] _include =
    [
        .. from schema in OrAny(schemas) from table in OrAny(tables) select new ColumnPattern(Fold(schema, ignoresCase), Fold(table, ignoresCase), "*"),
    ];

    private readonly ColumnPattern[] _exclude =
        [.. exclude.Select(pattern => new ColumnPattern(Fold(pattern.Schema, ignoresCase), Fold(pattern.Table, ignoresCase), Fold(pattern.Column, ignoresCase)))];

    /// <summary>The table with the columns that are scanned; null where there is none.</summary>
    public SampledTable? Apply(SampledTable table)
    {
        var columns = table.Columns.Where(column => Covers(_include, table, column) && !Covers(_exclude, table, column)).ToArray();
        return columns.Length == 0 ? null : table with { Columns = columns };
    }

    private bool Covers(ColumnPattern[] patterns, SampledTable table, SampledColumn column) =>
        patterns.Any(pattern => pattern.Matches(Fold(table.Schema, ignoresCase), Fold(table.Name, ignoresCase), Fold(column.Name, ignoresCase)));

    private static IReadOnlyList<string> OrAny(IReadOnlyList<string> globs) => globs.Count == 0 ? ["*"] : globs;

    private static string Fold(string text, bool ignoresCase) => ignoresCase ? text.ToLowerInvariant() : text;
}
