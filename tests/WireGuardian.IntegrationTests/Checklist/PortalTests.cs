using static WireGuardian.Testing.Wire.FrontendMessage;

namespace WireGuardian.IntegrationTests.Checklist;

/// <summary>Portals: row limits, re-binding, Flush, formats, descriptions. Whatever the way, the masked column arrives masked.</summary>
public sealed class PortalTests
{
    private const string Masked = "***********";

    [Test]
    public async Task A_suspended_portal_goes_on_masked()
    {
        await using var database = await ChecklistProxy.OpenAsync();
        await using var client = await database.ConnectAsync();
        await client.SendAsync(Parse("", "select ssn from people"), Bind("p", ""), Execute("p", 1), Flush);
        var first = await client.ReadUntilAsync('s');
        var rest = await client.TalkAsync(Execute("p", 1), Execute("p"), Sync);
        Assert.That(first.Types() + rest.Types(), Is.EqualTo("12Ds" + "Ds" + "DCZ"));
        Assert.That(first.Concat(rest).Where(frame => frame.Type == 'D').Select(row => row.Texts[0]), Is.All.EqualTo(Masked));
    }

    [Test]
    public async Task The_plan_follows_a_portals_name_when_it_is_bound_again()
    {
        await using var database = await ChecklistProxy.OpenAsync();
        await using var client = await database.ConnectAsync();
        await client.QueryAsync("begin");
        await client.TalkAsync(Parse("open", "select v from plain order by id"), Parse("masked", "select ssn from people"), Sync);
        var frames = await client.TalkAsync(
            Bind("", "open"), Describe('P', ""), Execute("", 1), Bind("", "masked"), Execute("", 1), Bind("", "open"), Execute("", 1), Sync);
        Assert.That(frames.Where(frame => frame.Type == 'D').Select(row => row.Texts[0]), Is.EqualTo(new[] { "v1", Masked, "v1" }));
    }

    [Test]
    public async Task Bind_and_Execute_without_any_Describe_is_masked_in_every_format()
    {
        await using var database = await ChecklistProxy.OpenAsync();
        await using var client = await database.ConnectAsync();
        await client.TalkAsync(Parse("s", "select id, ssn from people where id = 1"), Sync);
        short[][] formats = [[], [0], [1], [0, 1], [1, 0]];
        foreach (var format in formats)
        {
            var frames = await client.TalkAsync(Bind("", "s", [], [], format), Execute(""), Sync);
            Assert.That(frames.Types(), Is.EqualTo("2DCZ"));
            var row = frames[1];
            var id = format.Length > 0 && format[0] == 1 ? new byte[] { 0, 0, 0, 1 } : "1"u8.ToArray();
            Assert.That(row.Values[0], Is.EqualTo(id));
            Assert.That(row.Texts[1], Is.EqualTo(Masked));
        }
    }

    [Test]
    public async Task Statement_and_portal_descriptions_differ_and_zero_columns_are_not_NoData()
    {
        await using var database = await ChecklistProxy.OpenAsync();
        await using var client = await database.ConnectAsync();
        var frames = await client.TalkAsync(
            Parse("rows", "select ssn from people where id = $1"), Parse("none", "insert into plain values (200, $1)"), Parse("zero", "select from plain limit 1"),
            Describe('S', "rows"), Describe('S', "none"), Describe('S', "zero"), Bind("r", "rows", "1"), Bind("n", "none", "x"), Bind("z", "zero"),
            Describe('P', "r"), Describe('P', "n"), Describe('P', "z"), Execute("r"), Execute("n"), Execute("z"), Sync);
        Assert.That(frames.Types(), Is.EqualTo("111" + "tT" + "tn" + "tT" + "222" + "TnT" + "DC" + "C" + "DC" + "Z"));
        frames.AssertNothingSecret();
    }

    [Test]
    public async Task A_protocol_portal_whose_name_an_SQL_cursor_takes_is_masked_as_the_cursor()
    {
        await using var database = await ChecklistProxy.OpenAsync();
        await using var client = await database.ConnectAsync();
        await client.QueryAsync("begin");
        await client.TalkAsync(Parse("", "select v from plain"), Bind("c", ""), Describe('P', "c"), Execute("c", 1), Sync);
        await client.QueryAsync("close c");
        await client.QueryAsync("declare c cursor for select upper(ssn) || 'x' from people");
        var frames = await client.TalkAsync(Execute("c"), Sync);
        Assert.That(frames.Types(), Is.EqualTo("DDDCZ"));
        frames.AssertNothingSecret();
    }

    [TestCase("prepare q as select ssn from people", "execute q")]
    [TestCase("declare q cursor with hold for select upper(ssn) from people", "fetch all from q")]
    public async Task What_SQL_prepared_or_declared_is_masked_by_protocol_and_by_text(string define, string run)
    {
        await using var database = await ChecklistProxy.OpenAsync();
        await using var client = await database.ConnectAsync();
        await client.QueryAsync(define);
        var frames = await client.TalkAsync(Parse("", run), Bind("", ""), Execute(""), Sync);
        Assert.That(frames.Types(), Is.EqualTo("12DDDCZ"));
        frames.AssertNothingSecret();
        (await client.QueryAsync(run)).AssertNothingSecret();
        if (define.StartsWith("prepare", StringComparison.Ordinal))
            (await client.TalkAsync(Bind("", "q"), Execute(""), Sync)).AssertNothingSecret();
    }
}
