using System.Text;
using WireGuardian.Core.Masking;
using WireGuardian.Postgres.Rewriting;
using static WireGuardian.Postgres.Tests.Rewriting.Masking;

namespace WireGuardian.Postgres.Tests.Rewriting;

public sealed class StreamedMaskTests
{
    private const string Long = "a secret of some length, as long as it takes: 4111-1111-éé11";

    [TestCase(MaskKind.Redact, 25u, false, Long)]
    [TestCase(MaskKind.Redact, 25u, true, Long)]
    [TestCase(MaskKind.Partial, 25u, false, Long)]
    [TestCase(MaskKind.Partial, 25u, true, Long)]
    [TestCase(MaskKind.Email, 25u, false, Long)]
    [TestCase(MaskKind.Redact, 17u, true, Long)]
    [TestCase(MaskKind.Redact, 17u, false, "\\x00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff")]
    [TestCase(MaskKind.Redact, 1562u, false, "110100101010010101010101010101010101")]
    public void A_value_cut_anywhere_is_masked_as_the_whole_is(MaskKind kind, uint oid, bool binary, string text)
    {
        var value = Encoding.UTF8.GetBytes(text);
        var expected = Apply(kind, Type(oid), binary, value);
        var mask = ValueMask.Create(kind, Type(oid), -1, binary, Key);
        Assert.That(mask.CanStream, Is.True);
        for (var first = 0; first <= value.Length - StreamedMask.TailLength; first++)
        {
            for (var second = first; second <= value.Length - StreamedMask.TailLength; second++)
            {
                var copy = value.ToArray();
                mask.ApplyChunk(copy.AsSpan(0, first), 0, copy.Length);
                mask.ApplyChunk(copy.AsSpan(first, second - first), first, copy.Length);
                mask.ApplyChunk(copy.AsSpan(second), second, copy.Length);
                Assert.That(copy, Is.EqualTo(expected));
            }
        }
    }

    [Test]
    public void A_tail_that_comes_in_pieces_or_is_no_utf8_is_redacted()
    {
        var mask = ValueMask.Create(MaskKind.Partial, Type(25), -1, binary: false, Key);
        var tail = "1234567890"u8.ToArray();
        mask.ApplyChunk(tail, 90, 100);
        Assert.That(tail, Is.All.EqualTo((byte)'*'));

        byte[] broken = [.. "1234567890123456789"u8, 0xFF];
        mask.ApplyChunk(broken, 80, 100);
        Assert.That(broken, Is.All.EqualTo((byte)'*'));
    }

    [Test]
    public void Large_bytea_in_the_escape_spelling_stays_valid()
    {
        var mask = ValueMask.Create(MaskKind.Redact, Type(17), -1, binary: false, Key);
        var even = "ab\\001cd\\\\"u8.ToArray();
        mask.ApplyChunk(even.AsSpan(0, 1), 0, even.Length);
        mask.ApplyChunk(even.AsSpan(1), 1, even.Length);
        Assert.That(Encoding.ASCII.GetString(even), Is.EqualTo("\\x00000000"));
        var odd = "ab\\001c"u8.ToArray();
        mask.ApplyChunk(odd, 0, odd.Length);
        Assert.That(Encoding.ASCII.GetString(odd), Is.EqualTo("0000000"));
    }

    [TestCase(MaskKind.Hash, 25u)]
    [TestCase(MaskKind.Null, 25u)]
    [TestCase(MaskKind.Redact, 114u)]
    [TestCase(MaskKind.Redact, 1009u)]
    [TestCase(MaskKind.Redact, 1700u)]
    public void Other_masks_need_the_whole_value(MaskKind kind, uint oid)
    {
        var mask = ValueMask.Create(kind, Type(oid), -1, binary: false, Key);
        Assert.That(mask.CanStream, Is.False);
        Assert.That(() => mask.ApplyChunk(new byte[1], 0, 1), Throws.InvalidOperationException);
    }
}
