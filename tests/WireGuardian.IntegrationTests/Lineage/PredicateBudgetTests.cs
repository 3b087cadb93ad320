using WireGuardian.Testing.Postgres;
using static WireGuardian.Testing.Wire.FrontendMessage;

namespace WireGuardian.IntegrationTests.Lineage;

/// <summary><c>predicates: { perHour: …, then: deny }</c>: so many statements of a principal may use the rule's columns to choose rows, and then no more.</summary>
[TestFixture]
public sealed class PredicateBudgetTests
{
    private const string Denied = "42501";

    private LineageShop _shop = null!;

    [SetUp]
    public async Task Start() => _shop = await LineageShop.OpenAsync(PostgresVersion.Version15, predicates: "{ perHour: 3, then: deny }");

    [TearDown]
    public async Task Stop() => await _shop.DisposeAsync();

    [Test]
    public async Task What_is_used_up_is_used_up_in_all_sessions()
    {
        await using var client = await _shop.ConnectAsync();
        await using var another = await _shop.ConnectAsync();
        Assert.That(LineageShop.Rows(await client.QueryAsync("select name from people where ssn = '444-55-6666'")), Is.EqualTo("Ben"));
        // What uses none of its columns so, and what is refused, is not counted.
        Assert.That(LineageShop.Rows(await client.QueryAsync("select ssn from people where id = 1")), Is.EqualTo("*******3333"));
        Assert.That(LineageShop.Rows(await client.QueryAsync("create table t as select ssn from people where ssn like '1%'")), Is.EqualTo(Denied));
        await another.SendAsync(Parse("s", "select name from people where ssn = $1"), Bind("", "s", "444-55-6666"), Execute(""), Sync, Bind("", "s", "444-55-6666"), Execute(""), Sync);
        Assert.That(LineageShop.Rows([.. await another.ReadUntilAsync('Z'), .. await another.ReadUntilAsync('Z')]), Is.EqualTo("Ben;Ben"));
        foreach (var session in (Testing.Wire.WireClient[])[client, another])
        {
            var refusal = (await session.QueryAsync("select count(*) from people where ssn like '1%'")).Single(frame => frame.Type == 'E');
            Assert.That(refusal.SqlState, Is.EqualTo(Denied));
            Assert.That(refusal.Message, Does.Contain("predicate-budget"));
            Assert.That(refusal.Detail, Does.Contain("3 statements an hour").And.Contain("identity").And.Contain("Request"));
        }
        Assert.That(LineageShop.Rows(await client.QueryAsync("select ssn from people where salary = 1000")), Is.EqualTo("*******3333"));
        Assert.That(await _shop.Proxy.ReadMetricsAsync(), Does.Match("wireguardian_predicate_budget_refusals_total\\{[^}]*listener=\"app\"[^}]*\\} 2\\b"));
    }

    [Test]
    public async Task A_portal_that_runs_on_is_one_statement()
    {
        await using var client = await _shop.ConnectAsync();
        await client.SendAsync(
            Query("begin"), Parse("", "select id from people where ssn < 'x' order by id"), Bind("p", ""), Describe('P', "p"), Execute("p", 1), Execute("p", 1), Execute("p", 1), Sync, Query("commit"));
        Assert.That(LineageShop.Rows([.. await client.ReadUntilAsync('Z'), .. await client.ReadUntilAsync('Z'), .. await client.ReadUntilAsync('Z')]), Is.EqualTo("1;2;3"));
        await client.QueryAsync("select count(*) from people where ssn like '1%'");
        Assert.That(LineageShop.Rows(await client.QueryAsync("select count(*) from people where ssn like '4%'")), Is.EqualTo("1"));
        Assert.That(LineageShop.Rows(await client.QueryAsync("select count(*) from people where ssn like '4%'")), Is.EqualTo(Denied));
    }
}
