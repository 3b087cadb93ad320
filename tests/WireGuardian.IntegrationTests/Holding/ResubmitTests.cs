using System.Text.RegularExpressions;
using WireGuardian.Testing.Programs;
using WireGuardian.Testing.Wire;

namespace WireGuardian.IntegrationTests.Holding;

/// <summary>Statements whose connections do not wait: refused at once, and let pass once when they come back after their approval.</summary>
[TestFixture]
public sealed partial class ResubmitTests
{
    private const string Rules =
        """
        approvals:
          - { name: changes, kinds: [ddl, delete, unclassified], action: hold, mode: resubmit, timeout: 10m, validity: 5m }
        people: [{ name: hal, logins: [hold_app], operators: [hal] }]
        operators:
          - { name: dana, token: token-of-dana-0123456789 }
          - { name: hal, token: token-of-hal-01234567890 }
        """;

    private TestProxy _proxy = null!;

    [OneTimeSetUp]
    public async Task Start() => _proxy = await TestProxy.InFrontOfAsync(HoldingShop.Database.Server, Rules);

    [OneTimeTearDown]
    public async Task Stop() => await _proxy.DisposeAsync();

    [Test]
    public async Task It_is_refused_at_once_and_passes_once_in_another_session_after_its_approval()
    {
        const string Sql = "CREATE TABLE came_back (i int)";
        string id;
        await using (var first = await ConnectAsync())
        {
            var refused = (await first.QueryAsync(Sql))[0];
            Assert.That((refused.SqlState, refused.Message), Is.EqualTo(("42501", "the statement needs an approval by rule \"changes\"")));
            id = RequestOf(refused);
            Assert.That(RequestOf((await first.QueryAsync(Sql))[0]), Is.EqualTo(id), "the same request while it is pending");
            Assert.That((await first.QueryAsync("SELECT 1"))[^1].Body[0], Is.EqualTo((byte)'I'), "the session goes on");
        }
        Assert.That((await _proxy.WgctlAsync("token-of-hal-01234567890", "approve", id)).Error, Does.Contain("is the requester hold_app"), "not by another name of the requester");
        (await _proxy.WgctlAsync(HoldingShop.Dana, "approve", id)).EnsureSuccess();
        Assert.That(await HoldingShop.ExistsAsync("came_back"), Is.False, "an approval alone runs nothing");
        await using var second = await ConnectAsync();
        Assert.That((await second.QueryAsync(Sql))[0].Text, Is.EqualTo("CREATE TABLE"));
        Assert.That(RequestOf((await second.QueryAsync(Sql))[0]), Is.Not.EqualTo(id), "the approval is spent");
        var trail = (await _proxy.WgctlAsync(HoldingShop.Dana, "audit", "--request", id, "--output", "json")).Output;
        Assert.That(Events().Matches(trail).Select(match => match.Groups[1].Value), Is.EqualTo(new[] { "hold", "resubmit", "decision-refused", "approve", "release" }));
        Assert.That(trail, Does.Contain("self-approval"));
    }

    [Test]
    public async Task It_is_bound_to_its_bind_values_and_not_to_the_names_under_which_they_come()
    {
        var id = RequestOf(await DeleteAsync("one", "portal", "7"));
        (await _proxy.WgctlAsync(HoldingShop.Dana, "approve", id)).EnsureSuccess();
        Assert.That(RequestOf(await DeleteAsync("one", "portal", "8")), Is.Not.EqualTo(id), "other values are another statement");
        Assert.That((await DeleteAsync("two", "another", "7")).Text, Is.EqualTo("DELETE 0"));
    }

    [Test]
    public async Task It_is_bound_to_the_settings_that_ran_before()
    {
        const string Sql = "DELETE FROM kept WHERE i = 4001";
        await using var first = await ConnectAsync();
        var id = RequestOf((await first.QueryAsync(Sql))[0]);
        await using var second = await ConnectAsync();
        await second.QueryAsync("SET search_path = pg_temp, public");
        Assert.That(RequestOf((await second.QueryAsync(Sql))[0]), Is.Not.EqualTo(id), "its names may mean something else");
        await second.QueryAsync("BEGIN");
        await second.QueryAsync("DISCARD ALL");
        await second.QueryAsync("ROLLBACK");
        Assert.That(RequestOf((await second.QueryAsync(Sql))[0]), Is.Not.EqualTo(id), "a reset that failed is none");
        await second.QueryAsync("DISCARD ALL");
        Assert.That(RequestOf((await second.QueryAsync(Sql))[0]), Is.EqualTo(id), "as a session begins");
        await second.QueryAsync("SELECT set_config('search_path', (SELECT note FROM kept LIMIT 1), false)");
        var other = RequestOf((await second.QueryAsync(Sql))[0]);
        Assert.That(other, Is.Not.EqualTo(id), "what it set cannot be told");
        Assert.That(RequestOf((await second.QueryAsync(Sql))[0]), Is.EqualTo(other), "but in this session it stays what it was");
    }

    [Test]
    public async Task What_cannot_be_told_apart_waits()
    {
        await using var client = await ConnectAsync();
        foreach (var (sql, tag) in new[] { ("PREPARE remove AS DELETE FROM kept WHERE i = 4002", "PREPARE"), ("EXECUTE remove", "DELETE 0") })
        {
            await client.SendAsync(FrontendMessage.Query(sql));
            var id = await HoldingShop.ReadHeldAsync(client);
            (await _proxy.WgctlAsync(HoldingShop.Dana, "approve", id)).EnsureSuccess();
            Assert.That((await client.ReadUntilAsync('Z'))[0].Text, Is.EqualTo(tag));
        }
    }

    [Test]
    public async Task A_denial_is_what_it_hears_when_it_comes_back()
    {
        const string Sql = "DELETE FROM kept WHERE i = 4003";
        await using var client = await ConnectAsync();
        var id = RequestOf((await client.QueryAsync(Sql))[0]);
        (await _proxy.WgctlAsync(HoldingShop.Dana, "deny", id, "--reason", "keep it")).EnsureSuccess();
        var refused = (await client.QueryAsync(Sql))[0];
        Assert.That((refused.SqlState, RequestOf(refused)), Is.EqualTo(("42501", id)));
        Assert.That(refused.Detail, Does.Contain("Denied by dana: keep it"));
    }

    [Test]
    public async Task It_outlives_the_proxy_and_not_its_policy()
    {
        const string Sql = "DELETE FROM kept WHERE i = 4004";
        await using var proxy = await TestProxy.InFrontOfAsync(HoldingShop.Database.Server, Rules);
        var (pending, approved) = (await AskAsync(proxy, Sql), await AskAsync(proxy, Sql + " OR false"));
        (await proxy.WgctlAsync(HoldingShop.Dana, "approve", approved)).EnsureSuccess();
        await proxy.StopAsync(Testing.Processes.Signal.Kill);
        await proxy.StartAgainAsync();
        await using (var client = await HoldingShop.LogInAsync(proxy.Port))
        {
            Assert.That((await client.QueryAsync(Sql + " OR false"))[0].Text, Is.EqualTo("DELETE 0"));
            Assert.That(RequestOf((await client.QueryAsync(Sql))[0]), Is.EqualTo(pending));
        }
        (await proxy.WgctlAsync(HoldingShop.Dana, "approve", pending)).EnsureSuccess();
        await proxy.StopAsync();
        var file = await File.ReadAllTextAsync(proxy.ConfigurationPath);
        await File.WriteAllTextAsync(proxy.ConfigurationPath, file.Replace("validity: 5m", "validity: 6m", StringComparison.Ordinal));
        await proxy.StartAgainAsync();
        Assert.That(await AskAsync(proxy, Sql), Is.Not.EqualTo(pending), "another policy may want other approvals");
        Assert.That((await proxy.WgctlAsync(HoldingShop.Dana, "show", pending)).Output, Does.Contain("withdrawn"));
    }

    private Task<WireClient> ConnectAsync() => HoldingShop.LogInAsync(_proxy.Port);

    private static async Task<string> AskAsync(TestProxy proxy, string sql)
    {
        await using var client = await HoldingShop.LogInAsync(proxy.Port);
        return RequestOf((await client.QueryAsync(sql))[0]);
    }

    /// <summary>The last message before ReadyForQuery of a DELETE with a bind value, in a session of its own.</summary>
    private async Task<WireFrame> DeleteAsync(string statement, string portal, string value)
    {
        await using var client = await ConnectAsync();
        await client.SendAsync(
            FrontendMessage.Parse(statement, "DELETE FROM kept WHERE note = $1 AND i > 5000"), FrontendMessage.Bind(portal, statement, value),
            FrontendMessage.Execute(portal), FrontendMessage.Sync);
        return (await client.ReadUntilAsync('Z'))[^2];
    }

    private static string RequestOf(WireFrame refused)
    {
        var id = RequestIn().Match(refused.Detail ?? "");
        Assert.That(id.Success, Is.True, refused.ToString);
        return id.Groups[1].Value;
    }

    [GeneratedRegex("^Request ([a-z0-9]+)")]
    private static partial Regex RequestIn();

    [GeneratedRegex("\"event\": ?\"([a-z-]+)\"")]
    private static partial Regex Events();
}
