using System.Text;
using WireGuardian.Core.Masking;

namespace WireGuardian.Core.Tests.Masking;

public sealed class KeyedStandInTests
{
    // RFC 4231, test case 1.
    private static readonly byte[] Key = [.. Enumerable.Repeat((byte)0x0B, 20)];

    [Test]
    public void Hash_is_hmac_sha_256_in_hex()
    {
        var hash = new byte[KeyedStandIn.HashLength];
        KeyedStandIn.WriteHash(Digest(), hash);
        Assert.That(
            Encoding.ASCII.GetString(hash),
            Is.EqualTo("b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"));
    }

    [Test]
    public void Token_is_the_digest_in_base_32()
    {
        var token = new byte[KeyedStandIn.TokenLength];
        KeyedStandIn.WriteToken(Digest(), token);
        // 80 bits of b0344c61d8db38535ca8, five at a time.
        Assert.That(Encoding.ASCII.GetString(token), Is.EqualTo("tok_p0t4rrervcw56q58"));
    }

    [TestCase(0UL)]
    [TestCase(1UL)]
    [TestCase(32768UL)]
    [TestCase(1UL << 63)]
    public void Numbers_stay_below_their_limit(ulong limit)
    {
        var number = KeyedStandIn.Number(Digest(), limit);
        Assert.That(number, Is.GreaterThanOrEqualTo(0L));
        Assert.That((ulong)number, limit == 0 ? Is.Zero : Is.LessThan(limit));
    }

    [Test]
    public void A_short_key_is_refused() => Assert.That(() => new MaskKey("too short"u8), Throws.ArgumentException);

    [Test]
    public void Random_keys_differ()
    {
        var one = new byte[MaskKey.DigestLength];
        var other = new byte[MaskKey.DigestLength];
        MaskKey.Random().Digest("x"u8, one);
        MaskKey.Random().Digest("x"u8, other);
        Assert.That(one, Is.Not.EqualTo(other));
    }

    private static byte[] Digest()
    {
        var digest = new byte[MaskKey.DigestLength];
        new MaskKey(Key).Digest("Hi There"u8, digest);
        return digest;
    }
}
