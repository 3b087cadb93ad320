namespace WireGuardian.IntegrationTests.Masking;

/// <summary>Who sees what: rules in their order, exempt logins and groups.</summary>
[TestFixture]
public sealed class ExemptionTests
{
    [TestCase(MaskedShop.App, "*****************", "0", '*')]
    [TestCase(MaskedShop.Auditor, "canaryssnone-7391", "0", 'c')]
    [TestCase(MaskedShop.Payroll, "*****************", "918273.64", '*')]
    public async Task Each_login_sees_what_its_exemptions_say(string user, string ssn, string salary, char email)
    {
        await using var client = await MaskedShop.ThroughProxyAsync(user);
        var row = (await client.QueryAsync("SELECT ssn, salary, email FROM people WHERE id = 1"))[1].Texts;
        Assert.That(row[0], Is.EqualTo(ssn), "the first rule that matches decides, not the second");
        Assert.That(row[1], Is.EqualTo(salary));
        Assert.That(row[2]![0], Is.EqualTo(email));
    }

    [Test]
    public async Task SET_ROLE_and_SET_SESSION_AUTHORIZATION_give_no_exemption()
    {
        await using var client = await MaskedShop.ThroughProxyAsync();
        foreach (var change in new[] { "SET ROLE shop_audit", "SET SESSION AUTHORIZATION shop_audit", "SET application_name = 'shop_audit'" })
        {
            await client.QueryAsync(change);
            Assert.That((await client.QueryAsync("SELECT ssn FROM people WHERE id = 1"))[1].Texts[0], Is.EqualTo("*****************"), change);
        }
    }

    [Test]
    public async Task SET_ROLE_takes_no_exemption_away()
    {
        await using var client = await MaskedShop.ThroughProxyAsync(MaskedShop.Auditor);
        await client.QueryAsync("SET ROLE shop_app");
        Assert.That((await client.QueryAsync("SELECT ssn FROM people WHERE id = 1"))[1].Texts[0], Is.EqualTo("canaryssnone-7391"));
    }

    [Test]
    public async Task A_new_table_that_a_glob_matches_is_masked_at_once()
    {
        await using var client = await MaskedShop.ThroughProxyAsync();
        await client.QueryAsync("CREATE TABLE newcomers (id int, ssn text)");
        await client.QueryAsync("INSERT INTO newcomers VALUES (1, 'brand-new')");
        Assert.That((await client.QueryAsync("SELECT ssn FROM newcomers"))[1].Texts[0], Is.EqualTo("*********"));
        await client.QueryAsync("DROP TABLE newcomers");
    }

    [Test]
    public async Task Around_the_proxy_DDL_is_noticed_before_anything_is_shown()
    {
        await using var client = await MaskedShop.ThroughProxyAsync();
        await client.QueryAsync("SELECT 1");
        await MaskedShop.Database.ExecuteAsync("CREATE VIEW sneaky AS SELECT ssn AS harmless FROM people; GRANT SELECT ON sneaky TO shop_app");
        var answer = await client.QueryAsync("SELECT harmless FROM sneaky");
        Assert.That(Canaries.FoundIn([.. answer.SelectMany(frame => frame.Bytes)]), Is.Empty);
        await MaskedShop.Database.ExecuteAsync("DROP VIEW sneaky");
    }
}
