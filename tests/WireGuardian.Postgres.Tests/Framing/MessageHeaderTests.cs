using WireGuardian.Postgres.Framing;
using WireGuardian.Proxy;
using WireGuardian.Testing.Wire;

namespace WireGuardian.Postgres.Tests.Framing;

public sealed class MessageHeaderTests
{
    private const string FrontendTypes = "BCdcfDEHFPpQSX";
    private const string BackendTypes = "RK23CWdcGHDIEVvnNAtS1sZT";

    public static IEnumerable<TestCaseData> Types =>
        FrontendTypes.Select(type => new TestCaseData(MessageDirection.Frontend, type))
            .Concat(BackendTypes.Select(type => new TestCaseData(MessageDirection.Backend, type)));

    [TestCaseSource(nameof(Types))]
    public void A_length_is_checked_before_widening_buffering_or_allocating(MessageDirection direction, char type)
    {
        Assert.That(MessageLengths.TryGet(direction, (byte)type, out var minimum, out var maximum), Is.True);
        foreach (var length in (int[])[int.MinValue, -1, 0, 3, minimum - 1, maximum + 1, int.MaxValue])
        {
            var exception = Assert.Throws<ProtocolException>(() => Read(direction, FrontendMessage.Framed(type, length, []), int.MaxValue));
            Assert.That(exception!.Fault, Is.EqualTo(direction == MessageDirection.Frontend ? ProtocolFault.Client : ProtocolFault.Server));
        }
        Assert.That(Read(direction, FrontendMessage.Framed(type, minimum, []), int.MaxValue)?.BodyLength, Is.EqualTo(minimum - 4));
        Assert.That(Read(direction, FrontendMessage.Framed(type, maximum, []), int.MaxValue)?.TotalLength, Is.EqualTo(maximum + 1));
    }

    [Test]
    public void A_length_above_the_limit_of_the_caller_is_refused()
    {
        Assert.That(Read(MessageDirection.Frontend, FrontendMessage.Framed('Q', 100, []), 100), Is.Not.Null);
        Assert.That(
            () => Read(MessageDirection.Frontend, FrontendMessage.Framed('Q', 101, []), 100),
            Throws.TypeOf<ProtocolException>().With.Message.Contains("above the limit of 100"));
    }

    [Test]
    public void A_type_is_known_in_its_own_direction_only()
    {
        for (var type = 0; type < 256; type++)
        {
            Assert.That(MessageLengths.TryGet(MessageDirection.Frontend, (byte)type, out _, out _), Is.EqualTo(FrontendTypes.Contains((char)type)));
            Assert.That(MessageLengths.TryGet(MessageDirection.Backend, (byte)type, out _, out _), Is.EqualTo(BackendTypes.Contains((char)type)));
        }
        Assert.That(() => Read(MessageDirection.Frontend, [(byte)'T', 0, 0, 0, 6], 100), Throws.TypeOf<ProtocolException>());
    }

    [Test]
    public void Fewer_than_five_bytes_are_not_a_header_yet()
    {
        var header = FrontendMessage.Framed('Q', 9, []);
        for (var length = 0; length < MessageHeader.Size; length++)
            Assert.That(Read(MessageDirection.Frontend, header[..length], 100), Is.Null);
    }

    [Test]
    public void Any_five_bytes_give_a_header_or_a_ProtocolException()
    {
        var random = new Random(7);
        var bytes = new byte[5];
        for (var round = 0; round < 20_000; round++)
        {
            random.NextBytes(bytes);
            if (round % 2 == 0)
                bytes[0] = (byte)BackendTypes[random.Next(BackendTypes.Length)];
            try
            {
                var header = Read(round % 4 < 2 ? MessageDirection.Backend : MessageDirection.Frontend, bytes, 1 << 20);
                Assert.That(header!.Value.Length, Is.InRange(4, 1 << 20));
            }
            catch (ProtocolException)
            {
                // The only other way out.
            }
        }
    }

    private static MessageHeader? Read(MessageDirection direction, byte[] bytes, int limit) =>
        MessageHeader.TryRead(bytes, direction, limit, out var header) ? header : null;
}
