using WireGuardian.Testing.Postgres;

namespace WireGuardian.IntegrationTests.Lineage;

/// <summary>What the configuration says of functions that cannot be looked into, and of columns that are computed from masked ones.</summary>
[TestFixture]
public sealed class FunctionLabelTests
{
    private const string Stars = "***********";

    private const string Labels =
        """
        functions:
          - { name: public.tier, result: clear, readOnly: true }
          - { name: public.shouted, result: arguments, readOnly: true }
          - { name: public.looked_up, result: columns, columns: [public.people.ssn], readOnly: true }
          - { name: public.listless, result: masked }
        """;

    private LineageShop _shop = null!;

    [SetUp]
    public async Task Start() => _shop = await LineageShop.OpenAsync(PostgresVersion.Version15, rules: Labels);

    [TearDown]
    public async Task Stop() => await _shop.DisposeAsync();

    [TestCase("select tier(1), upper(tier(id)) from people where id = 1", "Ada|ADA")]
    [TestCase("select shouted(name), shouted(ssn), shouted('x') from people where id = 1", $"ADA|{Stars}|X")]
    [TestCase("select looked_up(1), looked_up(id) || name from people where id = 1", $"{Stars}|**************")]
    [TestCase("select looked_up(id) is null, id + 1 from people where id = 1", "f|2")]
    [TestCase("select listless('abc'), listless(name) from people where id = 1", "***|***")]
    [TestCase("select x.* from tier(1) x", "Ada")]
    [TestCase("select x.* from looked_up(1) x", Stars)]
    public async Task Each_label(string sql, string rows)
    {
        await using var client = await _shop.ConnectAsync();
        Assert.That(LineageShop.Rows(await client.QueryAsync(sql)), Is.EqualTo(rows));
    }

    [Test]
    public async Task A_function_that_somebody_replaces_or_makes_has_no_label()
    {
        await using var client = await _shop.ConnectAsync();
        Assert.That(LineageShop.Rows(await client.QueryAsync("select tier(1)")), Is.EqualTo("Ada"));
        await client.QueryAsync("create or replace function tier(int) returns text language plpgsql as $$ begin return (select ssn from people where id = $1); end $$");
        Assert.That(LineageShop.Rows(await client.QueryAsync("select tier(1)")), Is.EqualTo(Stars));
        await client.QueryAsync("create function tier(text) returns text language plpgsql as $$ begin return (select ssn from people limit 1); end $$");
        Assert.That(LineageShop.Rows(await client.QueryAsync("select tier('x')")), Is.EqualTo(Stars));
    }

    /// <summary>Whether it stores what it is given cannot be seen either, and only readOnly says that it does not.</summary>
    [Test]
    public async Task A_label_says_nothing_of_what_a_function_does_unless_it_says_so()
    {
        await using var shop = await LineageShop.OpenAsync(PostgresVersion.Version15, rules: "functions: [ { name: public.tier, result: clear } ]");
        await using var client = await shop.ConnectAsync();
        Assert.That(LineageShop.Rows(await client.QueryAsync("select tier(1)")), Is.EqualTo("42501"));
    }

    [Test]
    public async Task Explain_names_the_labels()
    {
        var (text, _) = await _shop.ExplainAsync("select tier(1), shouted(name) from people", "text");
        Assert.That(text, Does.Contain("public.shouted (arguments), public.tier (clear)"));
    }
}
