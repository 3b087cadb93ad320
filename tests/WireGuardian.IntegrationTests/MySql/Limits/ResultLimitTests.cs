using WireGuardian.Testing.MySql;
using static WireGuardian.IntegrationTests.MySql.Limits.LimitedShop;

namespace WireGuardian.IntegrationTests.MySql.Limits;

/// <summary>A result that grows beyond its rule's size stops, with a real server behind it, until an operator says what becomes of it.</summary>
[TestFixture(MySqlFlavour.MariaDb)]
[TestFixture(MySqlFlavour.MySql)]
public sealed class ResultLimitTests(MySqlFlavour flavour)
{
    private const string All = "SELECT i, filler FROM big";

    public enum Way
    {
        Text,
        Prepared,
        Compressed,
        Tls,
        CompressedTls,
    }

    [Test]
    public async Task Approved_it_goes_on_to_its_end([Values] Way way)
    {
        await using var client = await ConnectByAsync(way);
        var result = await LimitedResult.BeginAsync(client, All, way == Way.Prepared);
        await result.ReadAsync(MaxRows);
        var id = await PendingIdAsync(flavour);
        Assert.That(await RunsAsync(flavour, client), Does.Contain("FROM big"), "the server waits for its rows to be taken");
        Assert.That(client.Socket.Available, Is.Zero, "no row beyond the limit is sent");
        (await WgctlAsync(flavour, "approve", id)).EnsureSuccess();
        await result.ReadAsync();
        Assert.That((result.Rows, result.End!.IsError), Is.EqualTo((AllRows, false)));
        Assert.That(await StateOfAsync(LimitedShop.Proxy(flavour), id), Is.EqualTo("released"));
        Assert.That(await client.RowsAsync("SELECT i FROM small"), Has.Count.EqualTo(20));
    }

    [Test]
    public async Task Denied_it_ends_with_an_error_and_the_session_goes_on([Values] Way way)
    {
        await using var client = await ConnectByAsync(way);
        await client.QueryAsync("BEGIN");
        await client.QueryAsync("INSERT INTO small VALUES (21)");
        var result = await LimitedResult.BeginAsync(client, All, way == Way.Prepared);
        await result.ReadAsync(MaxRows);
        var id = await PendingIdAsync(flavour);
        (await WgctlAsync(flavour, "deny", id, "--reason", "not all of it")).EnsureSuccess();
        await result.ReadAsync();
        Assert.That((result.Rows, result.Error.ErrorCode, result.Error.SqlState), Is.EqualTo((MaxRows, 1142, "42000")));
        Assert.That(result.Error.ErrorMessage, Does.Contain(id).And.Contain("more than 100 rows").And.Contain("not all of it").And.Not.Contain("session"));
        Assert.That(await RunsAsync(flavour, client), Is.Null, "the server was stopped");
        Assert.That(await client.RowsAsync("SELECT i FROM small"), Has.Count.EqualTo(21), "the transaction goes on, and no KILL is left over for what comes next");
        await client.QueryAsync("ROLLBACK");
        Assert.That(await client.RowsAsync("SELECT connection_id()"), Is.EqualTo(new[] { new[] { $"{client.Greeting!.ConnectionId}" } }));
    }

    [Test]
    public async Task A_result_that_the_server_has_done_with_ends_with_an_error_as_well([Values] bool several)
    {
        await using var client = await ConnectAsync(flavour);
        var result = await LimitedResult.BeginAsync(client, several ? "SELECT i FROM numbers LIMIT 101; SELECT i FROM numbers; DO 1" : "SELECT i FROM numbers LIMIT 101");
        await result.ReadAsync(MaxRows);
        (await WgctlAsync(flavour, "deny", await PendingIdAsync(flavour), "--reason", "too much")).EnsureSuccess();
        await result.ReadAsync();
        Assert.That(result.Error.ErrorMessage, Does.Contain("too much."));
        for (var again = 0; again < 5; again++)
            Assert.That(await client.RowsAsync("SELECT i FROM small"), Has.Count.EqualTo(20));
    }

    [Test]
    public async Task What_a_cursor_gives_is_counted_as_a_whole([Values] bool approves)
    {
        await using var client = await ConnectAsync(flavour);
        var statement = await LimitedResult.PrepareAsync(client, "SELECT i FROM numbers");
        await LimitedResult.ExecuteAsync(client, statement, cursor: true);
        await new LimitedResult(client).ReadDefinitionsAsync();
        Assert.That((await (await LimitedResult.FetchAsync(client, statement, 60)).ReadAsync()).Rows, Is.EqualTo(60));
        var second = await LimitedResult.FetchAsync(client, statement, 60);
        await second.ReadAsync(40);
        (await WgctlAsync(flavour, approves ? "approve" : "deny", await PendingIdAsync(flavour), "--reason", "seen")).EnsureSuccess();
        await second.ReadAsync();
        var third = await (await LimitedResult.FetchAsync(client, statement, 60)).ReadAsync();
        if (approves)
            Assert.That((second.Rows, second.End!.IsError, third.Rows, third.End!.IsError), Is.EqualTo((60, false, 60, false)), "nobody is asked again");
        else
            Assert.That((second.Rows, second.Error.ErrorCode, third.Rows, third.Error.ErrorCode), Is.EqualTo((40, 1142, 0, 1142)));
        await LimitedResult.ExecuteAsync(client, statement, cursor: true);
        await new LimitedResult(client).ReadDefinitionsAsync();
        Assert.That((await (await LimitedResult.FetchAsync(client, statement, 60)).ReadAsync()).Rows, Is.EqualTo(60), "run anew it begins anew");
    }

    [Test]
    public async Task A_number_of_bytes_holds_it_before_the_row_that_would_pass_it()
    {
        await using var client = await ConnectAsync(flavour);
        var result = await LimitedResult.BeginAsync(client, "SELECT repeat('z', 10000) FROM big");
        await result.ReadAsync(13);
        Assert.That((await PendingAsync(LimitedShop.Proxy(flavour))).GetProperty("reason").GetString(), Is.EqualTo("The result has more than 131072 bytes (maxBytes), 13 rows of it were sent."));
        (await WgctlAsync(flavour, "approve", await PendingIdAsync(flavour), "--max-rows", "1000")).EnsureSuccess();
        await result.ReadAsync();
        Assert.That((result.Rows, result.Error.ErrorMessage), Is.EqualTo((1000, result.Error.ErrorMessage)), "in all");
        Assert.That(result.Error.ErrorMessage, Does.Contain("at most 1000 rows"));
        Assert.That((await WgctlAsync(flavour, "audit", "export", "--format", "jsonl")).EnsureSuccess().Output, Does.Contain("result-ended"));
    }

    [Test]
    public async Task Rows_of_more_than_16_MB([Values] bool compressed)
    {
        await using var client = await ConnectAsync(flavour, compressed ? MySqlCapabilities.Compress : 0);
        var result = await LimitedResult.BeginAsync(client, "SELECT repeat('z', 17000000) FROM small");
        Assert.That((await PendingAsync(LimitedShop.Proxy(flavour))).GetProperty("reason").GetString(), Does.Contain("0 rows of it were sent and the next is too large to be measured"));
        (await WgctlAsync(flavour, "approve", await PendingIdAsync(flavour), "--max-rows", "2")).EnsureSuccess();
        await result.ReadAsync();
        Assert.That((result.Rows, result.Error.ErrorCode), Is.EqualTo((2, 1142)));
        Assert.That(await client.RowsAsync("SELECT i FROM small"), Has.Count.EqualTo(20));
    }

    [Test]
    public async Task A_held_statement_is_approved_for_a_number_of_rows()
    {
        await using var client = await ConnectAsync(flavour);
        await client.SendCommandAsync(MySqlMessage.Query("DELETE FROM small WHERE i < 0; SELECT i FROM small"));
        var id = await PendingIdAsync(flavour);
        (await WgctlAsync(flavour, "approve", id, "--max-rows", "5")).EnsureSuccess();
        Assert.That((await client.ReadPacketAsync()).IsOk);
        var result = new LimitedResult(client);
        await result.ReadDefinitionsAsync();
        await result.ReadAsync();
        Assert.That((result.Rows, result.Error.ErrorCode), Is.EqualTo((5, 1142)));
        Assert.That(result.Error.ErrorMessage, Does.Contain(id).And.Contain("at most 5 rows"));
    }

    [Test]
    public async Task Nobody_looks_at_what_a_procedure_gives()
    {
        await using var client = await ConnectAsync(flavour);
        var result = await (await LimitedResult.BeginAsync(client, "CALL ten()")).ReadAsync();
        Assert.That((result.Rows, result.Error.ErrorCode, result.Error.SqlState), Is.EqualTo((3, 1317, "70100")));
        Assert.That(await client.RowsAsync("SELECT i FROM small"), Has.Count.EqualTo(20));
    }

    [Test]
    public async Task SHOW_gives_rows_as_well()
    {
        await using var client = await ConnectAsync(flavour);
        var result = await (await LimitedResult.BeginAsync(client, "SHOW VARIABLES")).ReadAsync(MaxRows);
        (await WgctlAsync(flavour, "approve", await PendingIdAsync(flavour))).EnsureSuccess();
        await result.ReadAsync();
        Assert.That((result.Rows > MaxRows, result.End!.IsError), Is.EqualTo((true, false)));
    }

    [Test]
    public async Task A_file_that_the_server_writes_or_reads_is_no_result()
    {
        await using var client = await ConnectAsync(flavour, account: MySqlAccounts.Root);
        var file = Path.Combine(Path.GetDirectoryName(Database(flavour).Server.DataDirectory)!, $"limited_{flavour}");
        Assert.That((await client.QueryAsync($"SELECT * FROM big INTO OUTFILE '{file}'")).Single().IsOk);
        await client.QueryAsync("CREATE TEMPORARY TABLE loaded LIKE big");
        Assert.That((await client.QueryAsync($"LOAD DATA INFILE '{file}' INTO TABLE loaded")).Single().IsOk);
    }

    [Test]
    public async Task The_servers_own_program_is_told_why()
    {
        var server = Database(flavour).Server;
        string[] key = flavour == MySqlFlavour.MySql ? ["--get-server-public-key"] : [];
        var running = server.CommandLineAsync(
            LimitedShop.Proxy(flavour).Port, $"{All};\nSELECT 'goes on';", MySqlAccounts.App, Database(flavour).Name, ["--quick", "--force", "--ssl-ca=" + SharedMySql.Certificates.AuthorityPath, .. key]);
        (await WgctlAsync(flavour, "deny", await PendingIdAsync(flavour), "--reason", "not all of it")).EnsureSuccess();
        var result = await running;
        var lines = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.That((lines.Length, lines[^1]), Is.EqualTo((MaxRows + 1, "goes on")), result.Error);
        Assert.That(result.Error, Does.Contain("ERROR 1142 (42000)").And.Contain("not all of it"));
    }

    private Task<MySqlWireClient> ConnectByAsync(Way way) =>
        ConnectAsync(flavour, way is Way.Compressed or Way.CompressedTls ? MySqlCapabilities.Compress : 0, way is Way.Tls or Way.CompressedTls);
}
