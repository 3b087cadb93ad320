using System.Buffers.Binary;
using WireGuardian.Postgres.Framing;

namespace WireGuardian.Postgres.Messages;

/// <summary>A counted list of format codes: 0 is text, 1 is binary.</summary>
public readonly ref struct FormatCodes
{
    private readonly ReadOnlySpan<byte> _codes;

    private FormatCodes(ReadOnlySpan<byte> codes) => _codes = codes;

    public int Count => _codes.Length / sizeof(short);

    public short this[int index] => BinaryPrimitives.ReadInt16BigEndian(_codes[(index * sizeof(short))..]);

    internal static bool TryRead(scoped ref BodyReader reader, out FormatCodes codes)
    {
        codes = default;
        if (!reader.TryReadUInt16(out var count) || !reader.TryReadBytes(count * sizeof(short), out var bytes))
            return false;
        codes = new FormatCodes(bytes);
        return true;
    }
}
