namespace WireGuardian.Postgres.Catalog;

/// <summary>A stored expression and the relation that it belongs to. The kind is pg_rewrite's ev_type, d for a default, p for a policy.</summary>
internal readonly record struct StoredExpression(uint Oid, uint Version, uint Relation, char Kind)
{
    /// <summary>True for a view's query.</summary>
    public bool IsView => Kind is '1';

    /// <summary>True for a rule on INSERT, UPDATE or DELETE.</summary>
    public bool IsRule => Kind is '2' or '3' or '4';
}

/// <summary>
/// Finds which relations' views, rules, defaults and policies use one of the built-in readers. pg_depend has no line for what belongs to the server
/// itself, so the stored trees are searched, each version once.
/// </summary>
internal sealed class StoredExpressions
{
    private readonly Dictionary<(char Kind, uint Oid), (uint Version, bool UsesReader)> _known = [];

    public async Task<(IReadOnlyList<StoredExpression> All, IReadOnlySet<uint> ReaderRelations)> ReadAsync(
        CatalogReader reader, string readerTree, CancellationToken cancellationToken)
    {
        var all = await reader.ReadAsync(
            CatalogQueries.Expressions,
            row => new StoredExpression(row.GetFieldValue<uint>(0), (uint)row.GetInt64(1), row.GetFieldValue<uint>(2), row.GetString(3)[0]),
            cancellationToken);
        var present = all.Select(expression => (expression.Kind, expression.Oid)).ToHashSet();
        foreach (var gone in _known.Keys.Where(key => !present.Contains(key)).ToList())
            _known.Remove(gone);

        var changed = all.Where(expression => !_known.TryGetValue((expression.Kind, expression.Oid), out var known) || known.Version != expression.Version).ToList();
        if (changed.Count > 0)
        {
            var found = (await reader.ReadAsync(
                CatalogQueries.ReaderExpressions,
                row => row.GetFieldValue<uint>(0),
                cancellationToken,
                CatalogReader.Oids(changed.Select(expression => expression.Oid)),
                CatalogReader.Text(readerTree))).ToHashSet();
            foreach (var expression in changed)
                _known[(expression.Kind, expression.Oid)] = (expression.Version, found.Contains(expression.Oid));
        }
        return (all, all.Where(expression => _known[(expression.Kind, expression.Oid)].UsesReader).Select(expression => expression.Relation).ToHashSet());
    }
}
