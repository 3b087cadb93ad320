using WireGuardian.Core.Masking;

namespace WireGuardian.MySql.Rewriting;

/// <summary><c>hash</c> and <c>token</c> of bytes: as many bytes of the digest as the column holds.</summary>
internal sealed class KeyedBinaryMask(MaskKey key, uint longest) : IValueMask
{
    public MaskResult Apply(Span<byte> value, MaskOutput output)
    {
        Span<byte> digest = stackalloc byte[MaskKey.DigestLength];
        key.Digest(value, digest);
        return StandIn.Put(value, digest[..(int)Math.Min(longest == 0 ? uint.MaxValue : longest, MaskKey.DigestLength)], output);
    }
}
