using System.Globalization;
using WireGuardian.Postgres.Catalog;
using WireGuardian.Postgres.Lineage;

namespace WireGuardian.Postgres.Tests.Lineage;

/// <summary>The names of a database's columns, to write a lineage as people read it.</summary>
internal sealed class LineageNames(IReadOnlyDictionary<ColumnKey, string> names)
{
    private const string Query =
        """
        select c.oid, attnum, relname || '.' || attname from pg_attribute a join pg_class c on c.oid = attrelid
        where attnum > 0 and not attisdropped and relkind in ('r', 'v', 'm', 'p', 'f', 'c') and c.oid >= 16384
        """;

    public static async Task<LineageNames> ReadAsync(CatalogReader reader) =>
        new((await reader.ReadAsync(Query, row => (new ColumnKey(row.GetFieldValue<uint>(0), row.GetInt16(1)), row.GetString(2)), CancellationToken.None)).ToDictionary());

    /// <summary>Lines of <c>relation attribute name</c>.</summary>
    public static LineageNames Parse(IEnumerable<string> lines) =>
        new(lines.Select(line => line.Split(' ')).ToDictionary(
            parts => new ColumnKey(uint.Parse(parts[0], CultureInfo.InvariantCulture), short.Parse(parts[1], CultureInfo.InvariantCulture)), parts => parts[2]));

    public IEnumerable<string> Lines => names.Select(name => $"{name.Key.Relation} {name.Key.Attribute} {name.Value}").Order(StringComparer.Ordinal);

    public ColumnKey Find(string name) => names.Single(one => one.Value == name).Key;

    /// <summary>
    /// One part per column: <c>name = emp.name</c> for a plain one, <c>name ~ emp.name, emp.ssn</c> for a derived one, <c>name = -</c> for one of nothing and <c>name = ?</c> where it is
    /// unknown. Then <c>where</c> the predicates, <c>into</c> the target of each write, and <c>rule</c> the results of rules.
    /// </summary>
    public string Write(StatementLineage lineage)
    {
        var parts = new List<string> { Write(lineage.Columns) };
        parts.AddRange(lineage.RuleResults.Select(result => "rule " + Write(result)));
        parts.AddRange(lineage.Writes.Select(write => $"into {Name(write.Target)} {Write(write.Lineage)}"));
        if (!lineage.Predicates.IsKnown || lineage.Predicates.Columns.Count > 0)
            parts.Add($"where {Write(lineage.Predicates)[2..]}");
        return string.Join(" | ", parts.Where(part => part.Length > 0));
    }

    private string Write(IReadOnlyList<OutputColumn> columns) => string.Join("; ", columns.Select(column => $"{column.Name} {Write(column.Lineage)}"));

    private string Write(ColumnLineage lineage) =>
        !lineage.IsKnown ? "= ?"
        : lineage.Columns.Count == 0 ? "= -"
        : $"{(lineage.IsPlain ? '=' : '~')} {string.Join(", ", lineage.Columns.Select(Name).Order(StringComparer.Ordinal))}";

    private string Name(ColumnKey column) => names.TryGetValue(column, out var name) ? name : $"{column.Relation}.{column.Attribute}";
}
