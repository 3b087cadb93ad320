using FsCheck;
using FsCheck.Fluent;
using WireGuardian.ControlPlane.Grpc.Framing;

namespace WireGuardian.ControlPlane.Tests.Framing;

public class PercentEncodingTests
{
    [TestCase("no such request", "no such request")]
    [TestCase("100%", "100%25")]
    [TestCase("a\r\nb", "a%0D%0Ab")]
    [TestCase("café", "caf%C3%A9")]
    [TestCase("\u007f~ ", "%7F~ ")]
    public void What_is_not_printable_ascii_is_escaped(string text, string encoded)
        => Assert.That(PercentEncoding.Encode(text), Is.EqualTo(encoded));

    [Test]
    public void Any_text_survives_the_way_there_and_back()
        => Prop.ForAll<NonNull<string>>(text =>
        {
            // Lone surrogates have no UTF-8; everything else must come back.
            var valid = new string([.. text.Get.Where(c => !char.IsSurrogate(c))]);
            return PercentEncoding.Decode(PercentEncoding.Encode(valid)) == valid;
        }).QuickCheckThrowOnFailure();

    [TestCase("100%", "100%")]
    [TestCase("%", "%")]
    [TestCase("%4", "%4")]
    [TestCase("%zz%41", "%zzA")]
    [TestCase("%41%", "A%")]
    public void What_is_no_escape_stands_for_itself(string encoded, string text)
        => Assert.That(PercentEncoding.Decode(encoded), Is.EqualTo(text));
}
