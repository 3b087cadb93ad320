using WireGuardian.Postgres.Lineage;

namespace WireGuardian.Postgres.Catalog;

/// <summary>Schemas under which a statement is analysed, first that in which a name is looked for first, and what its names of several meanings mean then.</summary>
/// <param name="Schemas">The schemas; pg_catalog comes before all of them unless it is among them.</param>
/// <param name="Choices">Names that several schemas hold, and the schema that is meant.</param>
internal sealed record SearchPath(IReadOnlyList<string> Schemas, IReadOnlyList<(string Name, string Schema)> Choices)
{
    /// <summary>False where the server found something else under one of the names: the catalog login may have lost the right to look into a schema.</summary>
    public bool IsThatOf(StatementLineage lineage, CatalogPicture picture)
    {
        foreach (var (name, schema) in Choices)
        {
            var (isThere, isElsewhere) = (false, false);
            foreach (var oid in lineage.Relations)
            {
                if (!picture.Relations.TryGetValue(oid, out var relation) || relation.Name != name)
                    continue;
                isThere |= relation.Schema == schema;
                isElsewhere |= relation.Schema != schema;
            }
            if (isElsewhere && !isThere)
                return false;
        }
        return true;
    }
}
