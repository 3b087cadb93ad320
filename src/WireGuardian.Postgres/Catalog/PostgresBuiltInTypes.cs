using System.Collections.Frozen;

namespace WireGuardian.Postgres.Catalog;

/// <summary>The types whose OIDs are the same in every PostgreSQL database (pg_type.dat of the server).</summary>
public static class PostgresBuiltInTypes
{
    /// <summary>"char", one byte.</summary>
    public const uint Char = 18;

    public const uint Name = 19;
    public const uint Bpchar = 1042;
    public const uint Varchar = 1043;
    public const uint MacAddr8 = 774;

    // OID of the type, OID of the array of it (0 for none), shape.
    private static readonly (uint Oid, uint Array, PostgresTypeShape Shape)[] Rows =
    [
        (16, 1000, PostgresTypeShape.Boolean),
        (17, 1001, PostgresTypeShape.Bytea),
        (Char, 1002, PostgresTypeShape.Text),
        (Name, 1003, PostgresTypeShape.Text),
        (20, 1016, PostgresTypeShape.Int8),
        (21, 1005, PostgresTypeShape.Int2),
        (23, 1007, PostgresTypeShape.Int4),
        (24, 1008, PostgresTypeShape.Oid), // regproc
        (25, 1009, PostgresTypeShape.Text),
        (26, 1028, PostgresTypeShape.Oid),
        (28, 1011, PostgresTypeShape.Oid), // xid
        (29, 1012, PostgresTypeShape.Oid), // cid
        (114, 199, PostgresTypeShape.Json),
        (650, 651, PostgresTypeShape.Cidr),
        (700, 1021, PostgresTypeShape.Float4),
        (701, 1022, PostgresTypeShape.Float8),
        (705, 0, PostgresTypeShape.Text), // unknown
        (MacAddr8, 775, PostgresTypeShape.MacAddr),
        (790, 791, PostgresTypeShape.Money),
        (829, 1040, PostgresTypeShape.MacAddr),
        (869, 1041, PostgresTypeShape.Inet),
        (Bpchar, 1014, PostgresTypeShape.Text),
        (Varchar, 1015, PostgresTypeShape.Text),
        (1082, 1182, PostgresTypeShape.Date),
        (1083, 1183, PostgresTypeShape.Time),
        (1114, 1115, PostgresTypeShape.Timestamp),
        (1184, 1185, PostgresTypeShape.TimestampTz),
        (1186, 1187, PostgresTypeShape.Interval),
        (1266, 1270, PostgresTypeShape.TimeTz),
        (1560, 1561, PostgresTypeShape.Bit),
        (1562, 1563, PostgresTypeShape.Bit), // varbit
        (1700, 1231, PostgresTypeShape.Numeric),
        (1790, 2201, PostgresTypeShape.Text), // refcursor
        (2202, 2207, PostgresTypeShape.Oid), // regprocedure
        (2203, 2208, PostgresTypeShape.Oid), // regoper
        (2204, 2209, PostgresTypeShape.Oid), // regoperator
        (2205, 2210, PostgresTypeShape.Oid), // regclass
        (2206, 2211, PostgresTypeShape.Oid), // regtype
        (2275, 1263, PostgresTypeShape.Text), // cstring
        (2950, 2951, PostgresTypeShape.Uuid),
        (3734, 3735, PostgresTypeShape.Oid), // regconfig
        (3769, 3770, PostgresTypeShape.Oid), // regdictionary
        (3802, 3807, PostgresTypeShape.Jsonb),
        (4089, 4090, PostgresTypeShape.Oid), // regnamespace
        (4096, 4097, PostgresTypeShape.Oid), // regrole
        (4191, 4192, PostgresTypeShape.Oid), // regcollation
        (5069, 271, PostgresTypeShape.Int8), // xid8
    ];

    // No stand-in is known for these, nor for arrays of them: a mask leaves NULL.
    private static readonly uint[] Others =
    [
        22, // int2vector: written without braces
        27, // tid
        30, // oidvector
        32, 142, 143, 194, 210, 269, 270, 272, 273, 325, 600, 601, 602, 603, 604, 628, 629, 718, 719, 1006, 1010, 1013, 1017, 1018, 1019, 1020,
        1027, 1033, 1034, 2249, 2276,
        2277, // anyarray: the elements may be of any type
        2278, 2279, 2280, 2281, 2283, 2287, 2776, 2949, 2970, 3115, 3220, 3221, 3310, 3361, 3402, 3500, 3614, 3615, 3642, 3643, 3644, 3645, 3831,
        3838, 3904, 3905, 3906, 3907, 3908, 3909, 3910, 3911, 3912, 3913, 3926, 3927, 4072, 4073, 4451, 4532, 4533, 4534, 4535, 4536, 4537, 4538,
        4600, 4601, 5017, 5038, 5039, 5077, 5078, 5079, 5080, 6150, 6151, 6152, 6153, 6155, 6157,
    ];

    /// <summary>Every built-in type by its OID.</summary>
    public static FrozenDictionary<uint, PostgresType> ByOid { get; } = Build();

    /// <summary>The built-in type with this OID, or null.</summary>
    public static PostgresType? Find(uint oid) => ByOid.GetValueOrDefault(oid);

    private static FrozenDictionary<uint, PostgresType> Build()
    {
        var types = Others.ToDictionary(oid => oid, PostgresType.Unknown);
        foreach (var (oid, array, shape) in Rows)
        {
            var type = new PostgresType(oid, shape);
            types.Add(oid, type);
            if (array != 0)
                types.Add(array, new PostgresType(array, PostgresTypeShape.Array, type));
        }
        return types.ToFrozenDictionary();
    }
}
