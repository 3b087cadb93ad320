using System.Buffers.Binary;

namespace WireGuardian.Postgres.Framing;

/// <summary>Reads a message's body from front to back. A read that does not fit gives false and leaves the reader where it was.</summary>
public ref struct BodyReader(ReadOnlySpan<byte> body)
{
    /// <summary>What was not read yet.</summary>
    public ReadOnlySpan<byte> Rest { get; private set; } = body;

    public readonly bool AtEnd => Rest.IsEmpty;

    public bool TryReadByte(out byte value)
    {
        value = Rest.IsEmpty ? (byte)0 : Rest[0];
        return TrySkip(1);
    }

    public bool TryReadInt16(out short value) => BinaryPrimitives.TryReadInt16BigEndian(Rest, out value) && TrySkip(sizeof(short));

    /// <summary>Counts are unsigned on the wire: the server takes up to 65,535 parameters.</summary>
    public bool TryReadUInt16(out ushort value) => BinaryPrimitives.TryReadUInt16BigEndian(Rest, out value) && TrySkip(sizeof(ushort));

    public bool TryReadInt32(out int value) => BinaryPrimitives.TryReadInt32BigEndian(Rest, out value) && TrySkip(sizeof(int));

    public bool TryReadUInt32(out uint value) => BinaryPrimitives.TryReadUInt32BigEndian(Rest, out value) && TrySkip(sizeof(uint));

    /// <summary>The bytes up to the next NUL, which is passed over.</summary>
    public bool TryReadString(out ReadOnlySpan<byte> value)
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

    public bool TrySkip(int count)
    {
        if (count < 0 || count > Rest.Length)
            return false;
        Rest = Rest[count..];
        return true;
    }
}
