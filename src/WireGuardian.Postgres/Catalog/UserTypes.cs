using System.Collections.Frozen;

namespace WireGuardian.Postgres.Catalog;

/// <summary>A line of pg_type.</summary>
internal readonly record struct TypeRow(uint Oid, char Kind, char Category, uint Base, uint Element, string? FirstLabel, bool IsHstore);

/// <summary>What the values of a database's own types look like.</summary>
internal static class UserTypes
{
    public static FrozenDictionary<uint, PostgresType> Resolve(IEnumerable<TypeRow> rows)
    {
        var byOid = rows.ToDictionary(row => row.Oid);
        return byOid.Keys.ToFrozenDictionary(oid => oid, oid => Resolve(oid, byOid, depth: 0));
    }

    private static PostgresType Resolve(uint oid, Dictionary<uint, TypeRow> rows, int depth)
    {
        // Domains over domains and arrays of arrays of domains end soon; a catalog that goes in a circle is not followed.
        if (depth > 32 || !rows.TryGetValue(oid, out var row))
            return PostgresBuiltInTypes.Find(oid) ?? PostgresType.Unknown(oid);
        return row.Kind switch
        {
            'e' => new PostgresType(oid, PostgresTypeShape.Enum, FirstLabel: row.FirstLabel),
            'd' => Resolve(row.Base, rows, depth + 1) with { Oid = oid },
            _ when row.Category is 'A' => new PostgresType(oid, PostgresTypeShape.Array, Resolve(row.Element, rows, depth + 1)),
            _ when row.IsHstore => new PostgresType(oid, PostgresTypeShape.Hstore),
            _ when row.Category is 'S' => new PostgresType(oid, PostgresTypeShape.Text),
            _ => PostgresType.Unknown(oid),
        };
    }
}
