using WireGuardian.Testing.MySql;

namespace WireGuardian.IntegrationTests.MySql;

/// <summary>Statements that wait for an operator, and what can end the wait.</summary>
[TestFixture]
public sealed class HoldingTests
{
    [Test]
    public async Task An_approved_statement_runs_once_and_the_session_goes_on([Values] MySqlFlavour flavour)
    {
        await using var client = await MySqlShop.ThroughProxyAsync(flavour);
        var held = client.QueryAsync("CREATE TABLE approved (a int)");
        var decided = await DecideAsync(flavour, "approve");
        Assert.That(decided, Is.Zero);
        Assert.That((await held).Single(), Has.Property("IsOk").True.And.Property("Sequence").EqualTo(1));
        await MySqlShop.Database(flavour).ExecuteAsync("DROP TABLE approved");
    }

    [Test]
    public async Task A_denied_statement_gets_1142_with_the_request_in_its_message([Values] MySqlFlavour flavour)
    {
        await using var client = await MySqlShop.ThroughProxyAsync(flavour);
        var held = client.QueryAsync("DROP TABLE orders");
        var id = await MySqlShop.PendingAsync(flavour);
        await MySqlShop.Proxy(flavour).WgctlAsync(MySqlShop.Token, "deny", id, "--reason", "not today");
        var error = (await held).Single();
        Assert.That((error.ErrorCode, error.SqlState, error.Sequence), Is.EqualTo((1142, "42000", (byte)1)));
        Assert.That(error.ErrorMessage, Does.Contain(id).And.Contain("not today"));
        Assert.That(await client.RowsAsync("SELECT count(*) FROM orders"), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_statement_expires_with_1317([Values] MySqlFlavour flavour)
    {
        await using var client = await MySqlShop.ThroughProxyAsync(flavour);
        var error = (await client.QueryAsync("LOAD DATA INFILE '/nowhere' INTO TABLE orders")).Single();
        Assert.That((error.ErrorCode, error.SqlState), Is.EqualTo((1317, "70100")));
    }

    [Test]
    public async Task KILL_QUERY_from_another_connection_withdraws_it([Values] MySqlFlavour flavour)
    {
        await using var client = await MySqlShop.ThroughProxyAsync(flavour);
        await using var other = await MySqlShop.ThroughProxyAsync(flavour);
        var id = (await client.RowsAsync("SELECT connection_id()"))[0][0];
        var held = client.QueryAsync("DROP TABLE orders");
        await MySqlShop.PendingAsync(flavour);
        Assert.That((await other.QueryAsync($"KILL QUERY {id}")).Single().IsOk);
        Assert.That((await held).Single().ErrorCode, Is.EqualTo(1317));
    }

    [Test]
    public async Task A_client_that_leaves_abandons_it([Values] MySqlFlavour flavour, [Values] bool says)
    {
        var client = await MySqlShop.ThroughProxyAsync(flavour);
        await client.SendCommandAsync(MySqlMessage.Query("DROP TABLE orders"));
        var id = await MySqlShop.PendingAsync(flavour);
        if (says)
            await client.SendCommandAsync([1]);
        await client.DisposeAsync();
        var state = "";
        for (var attempt = 0; attempt < 100 && !state.Contains("abandoned", StringComparison.Ordinal); attempt++)
            state = (await MySqlShop.Proxy(flavour).WgctlAsync(MySqlShop.Token, "show", id, "--output", "json")).Output;
        Assert.That(state, Does.Contain("abandoned"));
    }

    [Test]
    public async Task What_a_prepared_statement_runs_is_held_with_its_values([Values] MySqlFlavour flavour)
    {
        await using var client = await MySqlShop.ThroughProxyAsync(flavour);
        var held = PreparedQuery.RunAsync(client, "DROP TABLE orders");
        await DecideAsync(flavour, "deny", "--reason", "no");
        Assert.That((await held).Error?.ErrorCode, Is.EqualTo(1142));
    }

    [TestCase("SELECT 1; DROP TABLE orders")]
    [TestCase("/*! DROP TABLE orders */")]
    [TestCase("PREPARE p FROM 'DROP TABLE orders'; EXECUTE p")]
    [TestCase("# comment\nDROP/**/TABLE orders")]
    public async Task A_disguise_is_held_whole(string sql)
    {
        foreach (var flavour in Enum.GetValues<MySqlFlavour>())
        {
            await using var client = await MySqlShop.ThroughProxyAsync(flavour);
            var held = client.QueryAsync(sql);
            await DecideAsync(flavour, "deny", "--reason", "no");
            Assert.That((await held).Single().ErrorCode, Is.EqualTo(1142), flavour.ToString);
        }
    }

    [Test]
    public async Task A_refusal_leaves_the_transaction_as_it_was([Values] MySqlFlavour flavour)
    {
        await using var client = await MySqlShop.ThroughProxyAsync(flavour);
        await client.QueryAsync("BEGIN");
        await client.QueryAsync("INSERT INTO orders VALUES (77, 1, 'lamp')");
        Assert.That((await client.QueryAsync("SELECT * FROM orders INTO OUTFILE '/tmp/never'")).Single().ErrorCode, Is.EqualTo(1142));
        Assert.That((await client.RowsAsync("SELECT item FROM orders WHERE id = 77"))[0][0], Is.EqualTo("lamp"));
        await client.QueryAsync("ROLLBACK");
        Assert.That(await client.RowsAsync("SELECT item FROM orders WHERE id = 77"), Is.Empty);
    }

    private static async Task<int> DecideAsync(MySqlFlavour flavour, string decision, params string[] arguments) =>
        (await MySqlShop.Proxy(flavour).WgctlAsync(MySqlShop.Token, [decision, await MySqlShop.PendingAsync(flavour), .. arguments])).ExitCode;
}
