using System.Buffers;
using WireGuardian.Postgres.Messages;
using WireGuardian.Testing.Wire;

namespace WireGuardian.Postgres.Tests.Messages;

public sealed class ErrorResponseWriterTests
{
    private ArrayBufferWriter<byte> _output = new();

    [SetUp]
    public void SetUp() => _output = new ArrayBufferWriter<byte>();

    [Test]
    public void A_fatal_error_has_severity_twice_and_all_that_was_given()
    {
        ErrorResponseWriter.WriteFatal(_output, "28P01", "no", "because", "try");
        var frame = Written();
        Assert.That(frame.Type, Is.EqualTo('E'));
        Assert.That(frame.ToString(), Is.EqualTo("E S=FATAL V=FATAL C=28P01 M=no D=because H=try"));
    }

    [Test]
    public void An_error_leaves_out_detail_and_hint_that_there_are_not()
    {
        ErrorResponseWriter.WriteError(_output, "42501", "no");
        Assert.That(Written().ToString(), Is.EqualTo("E S=ERROR V=ERROR C=42501 M=no"));
    }

    [Test]
    public void A_notice_is_a_NoticeResponse()
    {
        ErrorResponseWriter.WriteNotice(_output, "00000", "ünïcode");
        Assert.That(Written().ToString(), Is.EqualTo("N S=NOTICE V=NOTICE C=00000 M=ünïcode"));
    }

    [Test]
    public void A_NUL_in_a_text_cannot_end_its_field()
    {
        ErrorResponseWriter.WriteError(_output, "42501", "a\0Mb");
        Assert.That(Written().Message, Is.EqualTo("a Mb"));
    }

    private WireFrame Written()
    {
        var bytes = _output.WrittenSpan.ToArray();
        var frame = new WireFrame((char)bytes[0], bytes[5..]);
        Assert.That(frame.Bytes, Is.EqualTo(bytes), "the length counts all");
        Assert.That(ErrorResponse.TryParse(frame.Body, out _), Is.True);
        return frame;
    }
}
