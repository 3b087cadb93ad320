using System.Buffers.Binary;

namespace WireGuardian.Postgres.Rewriting.Masks;

/// <summary>bit and varbit as text: every digit 0.</summary>
internal sealed class BitTextMask : IValueMask
{
    public static readonly BitTextMask Instance = new();

    public MaskResult Apply(Span<byte> value, MaskOutput output)
    {
        value.Fill((byte)'0');
        return MaskResult.InPlace;
    }
}

/// <summary>bit and varbit in binary: 32 bits of length, which stay, and the bits.</summary>
internal sealed class BitBinaryMask : IValueMask
{
    public static readonly BitBinaryMask Instance = new();

    public MaskResult Apply(Span<byte> value, MaskOutput output)
    {
        if (value.Length < sizeof(int))
            return MaskResult.Null;
        var bits = BinaryPrimitives.ReadInt32BigEndian(value);
        var bytes = value[sizeof(int)..];
        if (bits < 0 || ((long)bits + 7) / 8 != bytes.Length)
            return MaskResult.Null;
        bytes.Clear();
        return MaskResult.InPlace;
    }
}
