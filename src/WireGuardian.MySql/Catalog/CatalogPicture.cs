using System.Collections.Frozen;
using System.Text;
using System.Text.RegularExpressions;
using WireGuardian.Core.Statements;
using WireGuardian.MySql.Client;
using WireGuardian.MySql.Rewriting;
using WireGuardian.Sql.MySql;

namespace WireGuardian.MySql.Catalog;

/// <summary>What a server holds, read from the rows of its catalog. No rule is in here.</summary>
internal sealed partial class CatalogPicture
{
    private static readonly RoutineFacts Unseen = new(
        StatementKinds.Code | StatementKinds.Unclassified, FrozenSet<Identifier>.Empty, FrozenSet<string>.Empty, UserVariablesWritten: true, HasDynamicSql: true);

    private CatalogPicture(
        Dictionary<(string Schema, string Name), Relation> relations, IReadOnlyList<StoredCode> routines, IReadOnlyList<StoredCode> triggers, IReadOnlySet<string> privileges)
    {
        (Relations, Routines, Triggers) = (relations, routines, triggers);
        Schemas = relations.Keys.Select(key => key.Schema).Concat(routines.Select(routine => routine.Schema)).ToFrozenSet(StringComparer.Ordinal);
        SeesRelations = privileges.Contains("SELECT") || privileges.Contains("REFERENCES");
        SeesRoutines = privileges.Contains("SHOW_ROUTINE") || privileges.Contains("SELECT");
        SeesTriggers = privileges.Contains("TRIGGER");
    }

    public IReadOnlyDictionary<(string Schema, string Name), Relation> Relations { get; }

    public IReadOnlyList<StoredCode> Routines { get; }

    public IReadOnlyList<StoredCode> Triggers { get; }

    public IReadOnlySet<string> Schemas { get; }

    /// <summary>False where the login may not see every relation: then a name that is not here may be anything.</summary>
    public bool SeesRelations { get; }

    /// <inheritdoc cref="SeesRelations"/>
    public bool SeesRoutines { get; }

    /// <inheritdoc cref="SeesRelations"/>
    public bool SeesTriggers { get; }

    /// <summary>True for code of which nothing could be read.</summary>
    public static bool IsUnseen(RoutineFacts facts) => facts.HasDynamicSql && facts.Identifiers.Count == 0;

    public static CatalogPicture Create(CatalogRows rows, MySqlServerVersion server)
    {
        var settings = MySqlSqlSettings.For(server);
        var json = JsonColumns(rows.JsonColumns);
        var views = new Dictionary<(string, string), MySqlStatement>();
        for (var row = 0; row < rows.Views.Rows.Count; row++)
            views[(Name(rows.Views, row, 0), Name(rows.Views, row, 1))] = ReadView(rows.Views.Rows[row][2] ?? [], settings);

        var identities = TableIdentities.Read(rows.Identities);
        var relations = new Dictionary<(string, string), Relation>();
        var columns = new List<RelationColumn>();
        for (var row = 0; row < rows.Columns.Rows.Count; row++)
        {
            var key = (Schema: Name(rows.Columns, row, 0), Table: Name(rows.Columns, row, 1));
            columns.Add(ReadColumn(rows.Columns, row, json.Contains((key.Schema, key.Table, Name(rows.Columns, row, 2)))));
            var isLast = row + 1 == rows.Columns.Rows.Count || Name(rows.Columns, row + 1, 0) != key.Schema || Name(rows.Columns, row + 1, 1) != key.Table;
            if (!isLast)
                continue;
            relations[key] = new Relation(key.Schema, key.Table, [.. columns]) { View = views.GetValueOrDefault(key), Identity = identities.GetValueOrDefault(key) };
            columns.Clear();
        }
        return new(relations, ReadCode(rows.Routines, server), ReadCode(rows.Triggers, server), rows.Privileges);
    }

    /// <summary>A definition that may not be seen, or that is no one statement, may read anything.</summary>
    private static MySqlStatement ReadView(byte[] definition, MySqlSqlSettings settings) =>
        MySqlAnalyzer.Analyze(definition, settings) is [{ } only] ? only : new MySqlStatement
        {
            Facts = new StatementFacts { Kinds = StatementKinds.Unclassified, IsOpaque = true },
            Results = ResultSets.Unknown,
        };

    private static RelationColumn ReadColumn(QueryResult rows, int row, bool isJson)
    {
        var name = rows.Text(row, 2) ?? "";
        return new(
            MySqlNames.Fold(name), name, rows.Text(row, 4) ?? "", TypeOf(rows.Text(row, 3) ?? "", rows.Text(row, 4) ?? "", isJson),
            (rows.Text(row, 5) ?? "").Contains("INVISIBLE", StringComparison.OrdinalIgnoreCase), rows.Text(row, 6) ?? "");
    }

    private static DeclaredType? TypeOf(string type, string fullType, bool isJson) => type.ToLowerInvariant() switch
    {
        "json" => new(ValueShape.Json, null),
        "uuid" => new(ValueShape.Uuid, null),
        "inet4" => new(ValueShape.Inet4, null),
        "inet6" => new(ValueShape.Inet6, null),
        "enum" => new(null, FirstLabel(fullType)),
        _ when isJson => new(ValueShape.Json, null),
        _ => null,
    };

    private static string? FirstLabel(string fullType) =>
        EnumLabel().Match(fullType) is { Success: true } label ? label.Groups[1].Value.Replace("''", "'", StringComparison.Ordinal) : null;

    private static List<StoredCode> ReadCode(QueryResult rows, MySqlServerVersion server)
    {
        var code = new List<StoredCode>(rows.Rows.Count);
        for (var row = 0; row < rows.Rows.Count; row++)
        {
            var known = MySqlSqlSettings.TryParseModes(rows.Text(row, 3) ?? "", server.Flavour, out var modes);
            var settings = MySqlSqlSettings.For(server) with { Modes = modes, IsUncertain = !known };
            var facts = rows.Rows[row][2] is { } body ? RoutineBody.Scan(body, settings) : Unseen;
            code.Add(new(Name(rows, row, 0), Name(rows, row, 1), facts));
        }
        return code;
    }

    /// <summary>The columns, folded, that the checks of <see cref="CatalogRows.JsonColumns"/> are for.</summary>
    internal static HashSet<(string, string, string)> JsonColumns(QueryResult rows)
    {
        var columns = new HashSet<(string, string, string)>();
        for (var row = 0; row < rows.Rows.Count; row++)
        {
            if (JsonCheck().Match(rows.Text(row, 2) ?? "") is { Success: true } check)
                columns.Add((Name(rows, row, 0), Name(rows, row, 1), MySqlNames.Fold(check.Groups[1].Value)));
        }
        return columns;
    }

    private static string Name(QueryResult rows, int row, int column) => MySqlNames.Fold(Encoding.UTF8.GetString(rows.Rows[row][column] ?? []));

    [GeneratedRegex("^json_valid\\(`([^`]+)`\\)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex JsonCheck();

    [GeneratedRegex("^enum\\('((?:[^']|'')*)'", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex EnumLabel();
}
