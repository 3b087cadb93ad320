using WireGuardian.Testing.Postgres;

namespace WireGuardian.IntegrationTests.Lineage;

/// <summary><c>derived: allow</c> of a rule: what is computed from its columns alone is left as it is, and nothing else.</summary>
[TestFixture]
public sealed class DerivedTests
{
    private LineageShop _shop = null!;

    [OneTimeSetUp]
    public async Task Start() => _shop = await LineageShop.OpenAsync(PostgresVersion.Version15, predicates: "allow, derived: allow");

    [OneTimeTearDown]
    public async Task Stop() => await _shop.DisposeAsync();

    [TestCase("select upper(ssn), ssn from people where id = 1", "111-22-3333|*******3333")]
    [TestCase("select right(ssn, 2), max(ssn) from people where id = 1 group by ssn", "33|111-22-3333")]
    [TestCase("select hidden, number from tall where id = 1", "111-22-3333|*******3333")]
    [TestCase("select tail, ssn from cards", "5555|*******5555")]
    [TestCase("copy (select upper(ssn), ssn from people where id = 1) to stdout", "")]
    [TestCase("select right(ssn, 2) || email, upper(email) from people where id = 1", "*****************|***************")]
    [TestCase("select ssn from people where id = 1 union all select ssn from people where id = 1", "*******3333;*******3333")]
    [TestCase("select coalesce(ssn, email) from people where id = 1", "***********")]
    [TestCase("begin; create table t (i int); select upper(ssn) from people where id = 1; rollback", "***********")]
    public async Task What_is_left(string sql, string rows)
    {
        await using var client = await _shop.ConnectAsync();
        Assert.That(LineageShop.Rows(await client.QueryAsync(sql)), Is.EqualTo(rows));
    }
}
