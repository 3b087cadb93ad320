using System.Buffers;

namespace WireGuardian.Core.Masking.Values;

/// <summary><c>hash</c> and <c>token</c> of a number in decimal text: another one, not negative and without a fraction.</summary>
/// <param name="key">The key of the digest.</param>
/// <param name="limit">The stand-in is below this.</param>
public sealed class KeyedDecimal(MaskKey key, ulong limit)
{
    private const int OnStack = 128;

    /// <summary>The number that stands for a value; equal numbers give equal ones, however they are spelled. What is no number stands for itself.</summary>
    public long Derive(ReadOnlySpan<byte> text)
    {
        var bound = text.Length + CanonicalDecimal.Slack;
        var rented = bound <= OnStack ? null : ArrayPool<byte>.Shared.Rent(bound);
        Span<byte> canonical = rented ?? stackalloc byte[OnStack];
        Span<byte> digest = stackalloc byte[MaskKey.DigestLength];
        key.Digest(CanonicalDecimal.TryWrite(text, canonical, out var length) ? canonical[..length] : text, digest);
        if (rented is not null)
            ArrayPool<byte>.Shared.Return(rented, clearArray: true);
        return KeyedStandIn.Number(digest, limit);
    }
}
