using WireGuardian.Testing.Postgres;

namespace WireGuardian.IntegrationTests.Labels;

/// <summary><c>copies: label</c>: what masked values are copied to is masked from then on, for everybody and by every way.</summary>
[TestFixture(PostgresVersion.Version15)]
[TestFixture(PostgresVersion.Version18)]
public sealed class LabelTests(PostgresVersion version)
{
    private LabelShop _shop = null!;

    [SetUp]
    public async Task Start() => _shop = await LabelShop.OpenAsync(version);

    [TearDown]
    public async Task Stop() => await _shop.DisposeAsync();

    [TestCase("insert into archive (id, remark) select id + 10, ssn from people", "select remark from archive order by id", "harmless one;harmless two;*******4825;*******9173", TestName = "INSERT SELECT")]
    [TestCase("update archive a set remark = p.ssn from people p where p.id = a.id", "select remark from archive order by id", "*******4825;*******9173", TestName = "UPDATE FROM")]
    [TestCase("update archive set remark = (select ssn from people where people.id = archive.id)", "select remark from archive order by id", "*******4825;*******9173")]
    public async Task Plain_copies_have_the_mask_of_their_origin(string copy, string read, string rows)
    {
        Assert.That(await _shop.RunAsync(copy), Is.Empty);
        // What was there before has the mask as well.
        Assert.That(await _shop.RunAsync(read), Is.EqualTo(rows.Replace("harmless one", "********* one", StringComparison.Ordinal).Replace("harmless two", "********* two", StringComparison.Ordinal)
            .Replace("********* ", "********", StringComparison.Ordinal)));
    }

    [Test]
    public async Task First()
    {
        Assert.That(await _shop.RunAsync("create table t as select id, ssn, upper(email) as mail, name from people"), Is.Empty);
        Assert.That(await _shop.RunAsync("select * from t order by id"), Is.EqualTo("1|*******4825|************************|Ada;2|*******9173|************************|Ben"));
        Assert.That(await _shop.RunAsAuditorAsync("select ssn, mail from t order by id limit 1"), Is.EqualTo("ZK7391-4825|WOMBATONE@QUOKKA.EXAMPLE"));
        TestContext.Out.WriteLine(_shop.Proxy.Log);
    }
}
