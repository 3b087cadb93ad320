namespace WireGuardian.MySql.Tests.Packets;

/// <summary>Checklist: handshake parsing never trusts a length; and nothing else does.</summary>
[TestFixtureSource(typeof(ParserCases), nameof(ParserCases.All))]
public sealed class ParserTests(ParserCase parser)
{
    [Test]
    public void A_whole_payload_is_read() => Assert.That(parser.Parse(parser.Payload), Is.EqualTo(parser.Expected));

    [Test]
    public void A_payload_cut_at_any_index_is_refused_unless_the_rest_may_be_left_out()
    {
        for (var length = 0; length < Math.Min(parser.Payload.Length, parser.TakesFrom); length++)
            Assert.That(parser.Parse(parser.Payload[..length]), Is.Null, $"cut to {length} bytes");
        for (var length = parser.TakesFrom; length < parser.Payload.Length; length++)
            Assert.That(() => parser.Parse(parser.Payload[..length]), Throws.Nothing, $"cut to {length} bytes");
    }

    [Test]
    public void A_payload_with_a_byte_too_many_is_refused_unless_the_rest_is_not_looked_at()
    {
        if (parser.TakesMore)
            Assert.That(parser.Parse([.. parser.Payload, 0x7F]), Is.Not.Null);
    }

    [Test]
    public void Any_bytes_give_a_result_or_none_and_never_an_exception()
    {
        var random = new Random(20_250_101);
        for (var round = 0; round < 5_000; round++)
        {
            var payload = new byte[random.Next(96)];
            random.NextBytes(payload);
            parser.Parse(payload);
            // Nearly valid payloads reach further in.
            var changed = (byte[])parser.Payload.Clone();
            changed[random.Next(changed.Length)] = (byte)random.Next(256);
            parser.Parse(changed[..random.Next(changed.Length / 2, changed.Length + 1)]);
        }
    }
}
