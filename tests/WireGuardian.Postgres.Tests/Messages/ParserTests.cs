namespace WireGuardian.Postgres.Tests.Messages;

[TestFixtureSource(typeof(ParserCases), nameof(ParserCases.All))]
public sealed class ParserTests(ParserCase parser)
{
    [Test]
    public void A_whole_body_is_read() => Assert.That(parser.Parse(parser.Body), Is.EqualTo(parser.Expected));

    [Test]
    public void A_body_cut_at_any_index_is_refused()
    {
        for (var length = 0; length < (parser.TakesLess ? 4 : parser.Body.Length); length++)
            Assert.That(parser.Parse(parser.Body[..length]), Is.Null, $"cut to {length} bytes");
    }

    [Test]
    public void A_body_with_a_byte_too_many_is_refused_unless_the_rest_is_not_looked_at() =>
        Assert.That(parser.Parse([.. parser.Body, 0x7F]), parser.TakesMore ? Is.Not.Null : Is.Null);

    [Test]
    public void Any_bytes_give_a_result_or_none_and_never_an_exception()
    {
        var random = new Random(20_250_101);
        for (var round = 0; round < 5_000; round++)
        {
            var body = new byte[random.Next(64)];
            random.NextBytes(body);
            parser.Parse(body);
            // Nearly valid bodies reach further in.
            var changed = (byte[])parser.Body.Clone();
            changed[random.Next(changed.Length)] = (byte)random.Next(256);
            parser.Parse(changed);
        }
    }
}
