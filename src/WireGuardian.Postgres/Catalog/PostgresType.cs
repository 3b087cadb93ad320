namespace WireGuardian.Postgres.Catalog;

/// <summary>How values of a type look on the wire, as far as a mask must know.</summary>
public enum PostgresTypeShape
{
    /// <summary>No stand-in value is known: a mask leaves NULL.</summary>
    Other,

    /// <summary>text, varchar, bpchar, name, citext, xml-free text: the same bytes in both formats.</summary>
    Text,
    Boolean,
    Int2,
    Int4,
    Int8,
    Numeric,
    Float4,
    Float8,
    Date,
    Timestamp,
    TimestampTz,
    Time,
    TimeTz,
    Interval,
    Uuid,
    Inet,
    Cidr,
    MacAddr,
    Bytea,
    Json,
    Jsonb,
    Enum,
    Array,

    /// <summary>oid, xid, cid, reg*: unsigned 4 bytes in binary.</summary>
    Oid,
    Money,
    Bit,

    /// <summary>hstore of the extension: keys and values.</summary>
    Hstore,
}

/// <summary>A type as RowDescription names it, domains already resolved by the server.</summary>
/// <param name="Oid">pg_type.oid.</param>
/// <param name="Shape">How its values look.</param>
/// <param name="Element">For arrays, the type of the elements; otherwise null.</param>
/// <param name="FirstLabel">For enums, the first label by enumsortorder; otherwise null.</param>
public sealed record PostgresType(uint Oid, PostgresTypeShape Shape, PostgresType? Element = null, string? FirstLabel = null)
{
    /// <summary>Stands in for a type that nothing is known of.</summary>
    public static PostgresType Unknown(uint oid) => new(oid, PostgresTypeShape.Other);
}
