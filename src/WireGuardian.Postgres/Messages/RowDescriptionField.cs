using WireGuardian.Postgres.Framing;

namespace WireGuardian.Postgres.Messages;

/// <summary>One column of a <see cref="RowDescription"/>.</summary>
public readonly ref struct RowDescriptionField
{
    /// <summary>Bytes of a field after its name and the zero byte that ends it.</summary>
    public const int SizeBehindName = sizeof(uint) + sizeof(short) + sizeof(uint) + sizeof(short) + sizeof(int) + sizeof(short);

    public ReadOnlySpan<byte> Name { get; private init; }

    /// <summary>The relation that the column is a plain column of; 0 for anything computed.</summary>
    public uint TableOid { get; private init; }

    /// <summary>Its attribute number there; 0 for anything computed.</summary>
    public short AttributeNumber { get; private init; }

    public uint TypeOid { get; private init; }

    /// <summary>pg_type.typlen: negative for types of variable length.</summary>
    public short TypeSize { get; private init; }

    /// <summary>pg_attribute.atttypmod.</summary>
    public int TypeModifier { get; private init; }

    /// <summary>0 text, 1 binary. Where a statement rather than a portal was described it is always 0 and means nothing.</summary>
    public short Format { get; private init; }

    internal static bool TryRead(scoped ref BodyReader reader, out RowDescriptionField field)
    {
        field = default;
        if (!reader.TryReadString(out var name)
            || !reader.TryReadUInt32(out var tableOid)
            || !reader.TryReadInt16(out var attributeNumber)
            || !reader.TryReadUInt32(out var typeOid)
            || !reader.TryReadInt16(out var typeSize)
            || !reader.TryReadInt32(out var typeModifier)
            || !reader.TryReadInt16(out var format))
            return false;
        field = new RowDescriptionField
        {
            Name = name,
            TableOid = tableOid,
            AttributeNumber = attributeNumber,
            TypeOid = typeOid,
            TypeSize = typeSize,
            TypeModifier = typeModifier,
            Format = format,
        };
        return true;
    }
}
