using WireGuardian.Proxy;

namespace WireGuardian.Postgres.Rewriting.Copy;

/// <summary>The part of a masked value that has come so far.</summary>
/// <param name="limit">Bytes of a value that may be kept.</param>
internal sealed class HeldValue(int limit)
{
    private readonly MaskOutput _bytes = new();

    public int Length => _bytes.Length;

    public Span<byte> Bytes => _bytes.Written;

    public void Add(ReadOnlySpan<byte> piece)
    {
        if (piece.Length > limit - _bytes.Length)
            throw TooLong(limit);
        _bytes.Write(piece);
    }

    public void Clear() => _bytes.Clear();

    public static ProtocolException TooLong(int limit) => new(
        ProtocolFault.Server, $"a masked value of a COPY has to be seen whole and is longer than the {limit} bytes that limits.maxBufferedRowBytes allows");

    public static ProtocolException Malformed() => new(ProtocolFault.Server, "the data of a COPY do not match the description of its columns");
}
