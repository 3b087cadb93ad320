using System.Text.Json;
using WireGuardian.Testing.Programs;
using WireGuardian.Testing.Wire;

namespace WireGuardian.IntegrationTests.Holding;

/// <summary>What an operator sees around a held statement.</summary>
[TestFixture]
public sealed class ContextTests
{
    private const string Rules =
        """
        masking: [{ name: secrets, columns: ["public.noted.secret"], with: redact }]
        approvals: [{ name: deletes, kinds: [delete], action: hold, mode: resubmit, breakGlass: [oncall], minimum: 2 }]
        operators:
          - { name: dana, token: token-of-dana-0123456789 }
          - { name: omar, groups: [oncall], token: token-of-omar-0123456789 }
        """;

    private TestProxy _proxy = null!;

    [OneTimeSetUp]
    public async Task Start() => _proxy = await TestProxy.InFrontOfAsync(HoldingShop.Database.Server, Rules, "environment: staging");

    [OneTimeTearDown]
    public async Task Stop() => await _proxy.DisposeAsync();

    [Test]
    public async Task The_facts_are_there_and_no_value_is()
    {
        await using var client = await HoldingShop.LogInAsync(_proxy.Port);
        await client.QueryAsync("CREATE TABLE counted AS SELECT generate_series(1, 500) AS i, ''::text AS note; ANALYZE counted");
        await client.QueryAsync("BEGIN");
        await client.QueryAsync("INSERT INTO counted VALUES (501, 'new')");
        await client.SendAsync(
            FrontendMessage.Parse("", "/* reason: ticket 4711 */ DELETE FROM counted WHERE note = $1 AND i = 918273", 25), FrontendMessage.Bind("", "", "a secret value"),
            FrontendMessage.Execute(""), FrontendMessage.Sync);
        var refused = (await client.ReadUntilAsync('Z'))[^2];
        var shown = (await _proxy.WgctlAsync(HoldingShop.Dana, "show", refused.Detail!.Split(' ')[1].TrimEnd('.'), "--output", "json")).EnsureSuccess().Output;
        Assert.That(shown, Does.Not.Contain("secret").And.Not.Contain("918273"));
        var request = JsonDocument.Parse(shown).RootElement;
        Assert.That(request.GetProperty("environment").GetString(), Is.EqualTo("staging"));
        Assert.That(request.GetProperty("requesterReason").GetString(), Is.EqualTo("ticket 4711"));
        var context = request.GetProperty("context");
        Assert.That(context.GetProperty("parameters").ToString(), Does.Match("\"type\": ?\"text\"").And.Match("\"length\": ?14"));
        Assert.That(context.GetProperty("reads").GetArrayLength(), Is.Zero);
        Assert.That(context.GetProperty("writes").ToString(), Does.Contain("public.counted").And.Match("\"rows\": ?500"));
        Assert.That(context.GetProperty("transactionStatements").GetInt32(), Is.EqualTo(2));
        Assert.That(context.GetProperty("transactionKinds").EnumerateArray().Select(kind => kind.GetString()), Is.EqualTo(new[] { "insert", "transaction" }));
    }

    [Test]
    public async Task The_result_is_told_beforehand()
    {
        await using var client = await HoldingShop.LogInAsync(_proxy.Port);
        await client.QueryAsync("CREATE TABLE noted AS SELECT i, 'hidden-' || i AS secret FROM generate_series(1, 400) i; ANALYZE noted; CREATE TABLE more (i int)");
        var refused = (await client.QueryAsync("DELETE FROM noted USING more WHERE noted.i = more.i OR noted.i < 918273 RETURNING noted.i, secret, upper(secret)"))[0];
        var id = refused.Detail!.Split(' ')[1].TrimEnd('.');
        var shown = (await _proxy.WgctlAsync(HoldingShop.Dana, "show", id)).EnsureSuccess().Output;
        Assert.That(shown, Does.Contain("Reads        more\n").And.Contain("Writes       public.noted (about 400 rows)\n").And.Match("Plan +about [0-9]+ rows\n")
            .And.Contain("Result       i: shown, plain of public.noted.i\n").And.Contain("             secret: redact by secrets, plain of public.noted.secret\n")
            .And.Contain("             upper: redact by secrets, derived of public.noted.secret\n").And.Not.Contain("918273").And.Not.Contain("hidden"));
        await client.QueryAsync("BEGIN; CREATE TABLE fresh (i int)");
        id = (await client.QueryAsync("DELETE FROM noted RETURNING secret"))[0].Detail!.Split(' ')[1].TrimEnd('.');
        Assert.That((await _proxy.WgctlAsync(HoldingShop.Dana, "show", id)).Output, Does.Contain("Plan         not asked: its transaction has changed the catalog\n").And.Contain("Result       Its transaction has changed"));
    }

    [Test]
    public async Task Who_may_breaks_the_glass_and_the_next_request_says_who_decided_last()
    {
        await using var client = await HoldingShop.LogInAsync(_proxy.Port);
        await client.QueryAsync("SET wireguardian.reason = 'production is down'");
        const string Sql = "DELETE FROM kept WHERE i = 6001";
        var id = (await client.QueryAsync(Sql))[0].Detail!.Split(' ')[1].TrimEnd('.');
        var refused = await _proxy.WgctlAsync(HoldingShop.Dana, "break-glass", id, "--reason", "down");
        Assert.That((refused.ExitCode, refused.Error), Is.EqualTo((1, $"wgctl: The operator dana is in none of the groups that may break the glass: oncall.\n")));
        (await _proxy.WgctlAsync(HoldingShop.Omar, "break-glass", id, "--reason", "down")).EnsureSuccess();
        Assert.That((await client.QueryAsync(Sql))[0].Text, Is.EqualTo("DELETE 0"));
        Assert.That((await _proxy.WgctlAsync(HoldingShop.Dana, "audit", "--request", id, "--output", "json")).Output, Does.Contain("break-glass"));
        Assert.That(await _proxy.ReadMetricsAsync(), Does.Match("wireguardian_approval_break_glass_total(\\{[^}]*\\})? 1"));
        var next = (await client.QueryAsync("DELETE FROM kept WHERE i = 6002"))[0].Detail!.Split(' ')[1].TrimEnd('.');
        var shown = (await _proxy.WgctlAsync(HoldingShop.Dana, "show", next)).Output;
        Assert.That(shown, Does.Contain("They say     production is down").And.Contain("1 approved, 0 denied; last approved by omar"));
    }
}
