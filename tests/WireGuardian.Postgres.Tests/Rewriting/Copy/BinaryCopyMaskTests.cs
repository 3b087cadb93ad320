using System.Buffers.Binary;
using System.Text;
using WireGuardian.Core.Masking;
using WireGuardian.Proxy;
using WireGuardian.Testing.Wire;

namespace WireGuardian.Postgres.Tests.Rewriting.Copy;

/// <summary>COPY's binary format, cut into messages and reads at every byte.</summary>
public sealed class BinaryCopyMaskTests
{
    private const int Oids = 1 << 16;

    private static readonly byte[] Data =
    [
        .. Header(0, 0), .. Row("1"u8.ToArray(), "secret"u8.ToArray(), "x"u8.ToArray()), .. Row(null, null, null), .. Row([], [], []),
        .. Row("1"u8.ToArray(), "s"u8.ToArray(), null), .. Trailer,
    ];

    private static byte[] Trailer => [0xFF, 0xFF];

    [TestCase(MaskKind.Redact)]
    [TestCase(MaskKind.Token)]
    [TestCase(MaskKind.Null)]
    public void Values_are_masked_wherever_messages_are_cut(MaskKind kind)
    {
        byte[]? Mask(string value) => Masking.Apply(kind, Masking.Type(CopyBench.Text), binary: true, Encoding.ASCII.GetBytes(value));
        byte[] masked =
        [
            .. Header(0, 0), .. Row("1"u8.ToArray(), Mask("secret"), "x"u8.ToArray()), .. Row(null, null, null), .. Row([], Mask(""), []),
            .. Row("1"u8.ToArray(), Mask("s"), null), .. Trailer,
        ];
        foreach (var limit in (int[])[1 << 20, 30])
        {
            ByteSplitter.AssertSame(Data, pieces =>
            {
                var sent = Play(kind, [CopyBench.Messages([.. pieces])], limit);
                Assert.That(sent, Is.EqualTo(masked));
                return sent;
            });
            ByteSplitter.AssertSame(CopyBench.Messages(Data[..40], Data[40..]), pieces => Play(kind, pieces, limit));
        }
    }

    [Test]
    public void The_headers_extension_and_row_numbers_pass()
    {
        byte[] row = [0, 3, .. Field([0, 0, 0, 9]), .. Field("1"u8.ToArray()), .. Field("secret"u8.ToArray()), .. Field(null)];
        byte[] data = [.. Header(Oids, 3), 7, 8, 9, .. row, .. Trailer];
        ByteSplitter.AssertSame(data, pieces => Encoding.Latin1.GetString(Play(MaskKind.Redact, [CopyBench.Messages([.. pieces])])));
        Assert.That(
            Encoding.Latin1.GetString(Play(MaskKind.Redact, [CopyBench.Messages(data)])), Is.EqualTo(Encoding.Latin1.GetString(data).Replace("secret", "******")));
    }

    [Test]
    public void A_value_of_any_length_is_masked_without_being_kept()
    {
        byte[] data = [.. Header(0, 0), .. Row([], Encoding.ASCII.GetBytes(new string('s', 5000)), []), .. Trailer];
        var bench = Bench(MaskKind.Redact, 100).Feed([.. CopyBench.Messages(data).Chunk(64)]);
        Assert.That(Encoding.Latin1.GetString(bench.Complete()), Is.EqualTo(Encoding.Latin1.GetString(data).Replace('s', '*')));
        Assert.That(bench.MostUnread, Is.LessThan(100));
    }

    [Test]
    public void A_longer_value_that_a_mask_has_to_see_whole_is_refused_by_the_name_of_the_limit()
    {
        byte[] data = [.. Header(0, 0), .. Row([], new byte[5000], [])];
        Assert.That(
            () => Bench(MaskKind.Token, 100).Feed([.. CopyBench.Messages(data).Chunk(64)]),
            Throws.TypeOf<ProtocolException>().With.Message.Contains("limits.maxBufferedRowBytes"));
    }

    private static IEnumerable<TestCaseData> Malformed()
    {
        yield return new TestCaseData(Encoding.ASCII.GetBytes("1\tsecret\tx\n1\tsecret\tx\n")).SetArgDisplayNames("text");
        yield return new TestCaseData((byte[])[.. Header(1 << 17, 0), .. Trailer]).SetArgDisplayNames("a flag that is not known");
        yield return new TestCaseData((byte[])[.. Header(0, -1), .. Trailer]).SetArgDisplayNames("a negative extension");
        yield return new TestCaseData((byte[])[.. Header(0, 0), 0, 2, .. Field(null), .. Field(null), .. Trailer]).SetArgDisplayNames("two columns");
        yield return new TestCaseData((byte[])[.. Header(0, 0), 0xFF, 0xFE]).SetArgDisplayNames("a negative count");
        yield return new TestCaseData((byte[])[.. Header(0, 0), 0, 3, 0xFF, 0xFF, 0xFF, 0xFE]).SetArgDisplayNames("a negative length");
        yield return new TestCaseData((byte[])[.. Header(0, 0), .. Trailer, 0]).SetArgDisplayNames("something behind the trailer");
        yield return new TestCaseData(Header(0, 0)[..10]).SetArgDisplayNames("half a header");
        yield return new TestCaseData((byte[])[.. Header(0, 0), 0, 3, .. Field("secret"u8.ToArray())]).SetArgDisplayNames("half a row");
    }

    [TestCaseSource(nameof(Malformed))]
    public void Data_that_do_not_match_end_the_session(byte[] data) =>
        Assert.That(() => Play(MaskKind.Redact, [CopyBench.Messages(data)]), Throws.TypeOf<ProtocolException>());

    private static CopyBench Bench(MaskKind kind, int limit) =>
        new(CopyBench.Plan(true, null, kind, null), CopyBench.Options("BINARY"), [false, false, false], limit);

    private static byte[] Play(MaskKind kind, IReadOnlyList<byte[]> pieces, int limit = 1 << 20) => Bench(kind, limit).Feed(pieces).Complete();

    private static byte[] Header(int flags, int extension) => [.. "PGCOPY\n"u8, 0xFF, .. "\r\n\0"u8, .. Int32(flags), .. Int32(extension)];

    private static byte[] Row(params byte[]?[] values) => [0, (byte)values.Length, .. values.SelectMany(Field)];

    private static byte[] Field(byte[]? value) => value is null ? Int32(-1) : [.. Int32(value.Length), .. value];

    private static byte[] Int32(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }
}
