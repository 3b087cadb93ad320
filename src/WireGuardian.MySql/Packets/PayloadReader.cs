using System.Buffers.Binary;

namespace WireGuardian.MySql.Packets;

/// <summary>Reads a packet's payload from front to back. A read that does not fit gives false and leaves the reader where it was.</summary>
public ref struct PayloadReader(ReadOnlySpan<byte> payload)
{
    /// <summary>What was not read yet.</summary>
    public ReadOnlySpan<byte> Rest { get; private set; } = payload;

    public readonly bool AtEnd => Rest.IsEmpty;

    public bool TryReadByte(out byte value)
    {
        value = Rest.IsEmpty ? (byte)0 : Rest[0];
        return TrySkip(1);
    }

    public bool TryReadUInt16(out ushort value) => BinaryPrimitives.TryReadUInt16LittleEndian(Rest, out value) && TrySkip(sizeof(ushort));

    public bool TryReadUInt24(out uint value)
    {
        value = Rest.Length < 3 ? 0 : Rest[0] | (uint)Rest[1] << 8 | (uint)Rest[2] << 16;
        return TrySkip(3);
    }

    public bool TryReadUInt32(out uint value) => BinaryPrimitives.TryReadUInt32LittleEndian(Rest, out value) && TrySkip(sizeof(uint));

    public bool TryReadUInt64(out ulong value) => BinaryPrimitives.TryReadUInt64LittleEndian(Rest, out value) && TrySkip(sizeof(ulong));

    public bool TryReadLengthEncodedInteger(out ulong value) =>
        LengthEncodedInteger.TryRead(Rest, out value, out var size) && TrySkip(size);

    /// <summary>A length-encoded integer, and as many bytes.</summary>
    public bool TryReadLengthEncodedBytes(out ReadOnlySpan<byte> value)
    {
        value = default;
        if (!LengthEncodedInteger.TryRead(Rest, out var length, out var size) || length > (ulong)(Rest.Length - size))
            return false;
        value = Rest.Slice(size, (int)length);
        return TrySkip(size + (int)length);
    }

    /// <summary>The same where a NULL may stand, as in a text row.</summary>
    public bool TryReadLengthEncodedBytesOrNull(out ReadOnlySpan<byte> value, out bool isNull)
    {
        value = default;
        isNull = !Rest.IsEmpty && Rest[0] == LengthEncodedInteger.Null;
        return isNull ? TrySkip(1) : TryReadLengthEncodedBytes(out value);
    }

    /// <summary>The bytes up to the next NUL, which is passed over.</summary>
    public bool TryReadNulTerminated(out ReadOnlySpan<byte> value)
    {
        var end = Rest.IndexOf((byte)0);
        value = end < 0 ? default : Rest[..end];
        return end >= 0 && TrySkip(end + 1);
    }

    public bool TryReadBytes(int count, out ReadOnlySpan<byte> value)
    {
        var fits = count >= 0 && count <= Rest.Length;
        value = fits ? Rest[..count] : default;
        return fits && TrySkip(count);
    }

    /// <summary>All that is left.</summary>
    public ReadOnlySpan<byte> ReadToEnd()
    {
        var rest = Rest;
        Rest = default;
        return rest;
    }

    public bool TrySkip(int count)
    {
        if (count < 0 || count > Rest.Length)
            return false;
        Rest = Rest[count..];
        return true;
    }
}
