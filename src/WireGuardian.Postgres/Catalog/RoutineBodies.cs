using System.Text;
using WireGuardian.Core.Statements;
using WireGuardian.Sql.Postgres;

namespace WireGuardian.Postgres.Catalog;

/// <summary>Reads users' routines; the body of each version is read and scanned once.</summary>
internal sealed class RoutineBodies
{
    private const StatementKinds CannotSee = StatementKinds.Code | StatementKinds.Unclassified;

    private readonly record struct Body(uint Version, RoutineFacts? Facts, bool UsesReader);

    private readonly record struct Row(uint Oid, uint Version, string Schema, string Name, string Language, string Symbol)
    {
        public bool IsCompiled => Language is "c" or "internal";

        public bool IsReadable => Language is "sql" or "plpgsql";
    }

    private readonly Dictionary<uint, Body> _bodies = [];
    private List<Row> _rows = [];

    /// <summary>Bodies in the SQL standard's form, which the server keeps as a tree: their text is asked for outside the load's transaction.</summary>
    public IEnumerable<uint> Unread => _rows.Where(row => row.IsReadable && _bodies[row.Oid].Facts is null).Select(row => row.Oid);

    /// <summary>Every routine in the version that was read.</summary>
    public IEnumerable<RoutineVersion> Versions => _rows.Select(row => new RoutineVersion(row.Oid, row.Version, row.Schema, row.Name));

    /// <summary>Reads what the transaction of <paramref name="reader"/> sees.</summary>
    /// <param name="readerTree">A regular expression that finds the OIDs of built-in readers in a stored tree.</param>
    public async Task ReadAsync(CatalogReader reader, string readerTree, CancellationToken cancellationToken)
    {
        _rows = await reader.ReadAsync(
            CatalogQueries.Routines,
            row => new Row(
                row.GetFieldValue<uint>(0), (uint)row.GetInt64(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetString(5)),
            cancellationToken);
        var readable = _rows.Where(row => row.IsReadable).ToDictionary(row => row.Oid);
        foreach (var gone in _bodies.Keys.Where(oid => !readable.ContainsKey(oid)).ToList())
            _bodies.Remove(gone);

        var changed = readable.Values.Where(row => !_bodies.TryGetValue(row.Oid, out var body) || body.Version != row.Version).Select(row => row.Oid).ToList();
        if (changed.Count == 0)
            return;
        var bodies = await reader.ReadAsync(
            CatalogQueries.RoutineBodies,
            row => (Oid: row.GetFieldValue<uint>(0), Text: row.IsDBNull(1) ? null : row.GetString(1), UsesReader: !row.IsDBNull(2) && row.GetBoolean(2)),
            cancellationToken,
            CatalogReader.Oids(changed),
            CatalogReader.Text(readerTree));
        foreach (var body in bodies)
            _bodies[body.Oid] = new Body(readable[body.Oid].Version, body.Text is null ? null : Scan(body.Text), body.UsesReader);
    }

    /// <summary>The text of a body in <see cref="Unread"/>.</summary>
    public void Add(uint oid, string text) => _bodies[oid] = _bodies[oid] with { Facts = Scan(text) };

    /// <summary>The routines, with what can be known of each; a body that could not be read may do anything.</summary>
    public IReadOnlyList<Routine> ToRoutines(IReadOnlySet<string> schemas) => _rows.ConvertAll(row => ToRoutine(row, schemas));

    private Routine ToRoutine(Row row, IReadOnlySet<string> schemas)
    {
        var routine = new Routine(row.Oid, row.Schema, row.Name);
        if (row.IsCompiled)
            return routine with { IsCompiled = true, ReadsAnything = BuiltInReaders.Contains(row.Name) || BuiltInReaders.Contains(row.Symbol) };
        if (!row.IsReadable || _bodies[row.Oid] is not { Facts: { } facts } body)
            return routine with { ReadsAnything = true, KeepsRow = true, Kinds = CannotSee };

        var names = facts.Identifiers.Select(identifier => identifier.Name).ToHashSet(StringComparer.Ordinal);
        return routine with
        {
            References = facts.Identifiers.Select(identifier => SchemaOnly(identifier, schemas, names)).Distinct().ToArray(),
            IsSql = row.Language == "sql",
            Operators = facts.Operators,
            Kinds = (facts.Kinds & ~StatementKinds.Select) | (facts.HasDynamicSql ? CannotSee : StatementKinds.None),
            ReadsAnything = facts.HasDynamicSql || facts.ReadsCursor || body.UsesReader || names.Any(BuiltInReaders.Contains),
            KeepsArguments = names.Any(BuiltInReaders.KeepsArguments),
            RowColumns = facts.Identifiers.Where(identifier => identifier.Qualifier is "new" or "old").Select(identifier => identifier.Name).ToHashSet(StringComparer.Ordinal),
            KeepsRow = facts.KeepsRow,
            RowAssignments = facts.RowAssignments,
        };
    }

    private static RoutineFacts Scan(string text) => RoutineBody.Scan(Encoding.UTF8.GetBytes(text));

    /// <summary>A qualifier that is also a name of its own in the body can be an alias or a variable: then it says nothing.</summary>
    private static Identifier SchemaOnly(Identifier identifier, IReadOnlySet<string> schemas, HashSet<string> names) =>
        identifier.Qualifier is { } qualifier && schemas.Contains(qualifier) && !names.Contains(qualifier) ? identifier : identifier with { Qualifier = null };
}
