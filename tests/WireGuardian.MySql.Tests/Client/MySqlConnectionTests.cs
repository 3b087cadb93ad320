using System.Net;
using WireGuardian.MySql.Client;
using WireGuardian.MySql.Startup;
using WireGuardian.MySql.Tests.Startup;
using WireGuardian.Proxy;
using WireGuardian.Proxy.Limits;
using WireGuardian.Proxy.Listening;
using WireGuardian.Proxy.Tls;
using WireGuardian.Testing.MySql;

namespace WireGuardian.MySql.Tests.Client;

public sealed class MySqlConnectionTests
{
    private static readonly MySqlFlavour[] Flavours = Enum.GetValues<MySqlFlavour>();

    private static IEnumerable<TestCaseData> Accounts() =>
        from flavour in Flavours
        from account in MySqlAccounts.Of(flavour).Append(MySqlAccounts.Root).Where(account => account != MySqlAccounts.Ed25519)
        from tls in Enum.GetValues<TlsMode>()
        select new TestCaseData(flavour, account, tls);

    [TestCaseSource(nameof(Accounts))]
    public async Task Every_account_logs_in_in_clear_and_by_tls(MySqlFlavour flavour, MySqlAccount account, TlsMode tls)
    {
        await using var connection = await ConnectAsync(await SharedMySql.Get(flavour), account, tls);
        var result = await connection.QueryAsync("select user(), connection_id(), @@character_set_client", CancellationToken.None);
        Assert.That(result.Rows, Has.Count.EqualTo(1));
        Assert.That((result.Text(0, 0), result.Text(0, 1), result.Text(0, 2)), Is.EqualTo(($"{account.User}@127.0.0.1", $"{connection.ConnectionId}", "utf8mb4")));
        var cipher = await connection.QueryAsync("show status like 'ssl_version'", CancellationToken.None);
        Assert.That(cipher.Text(0, 1), Is.EqualTo(tls == TlsMode.Off ? "" : "TLSv1.3"));
    }

    [TestCaseSource(nameof(Accounts))]
    public async Task A_wrong_password_is_refused(MySqlFlavour flavour, MySqlAccount account, TlsMode tls)
    {
        var server = await SharedMySql.Get(flavour);
        Assert.That(
            async () => await ConnectAsync(server, account with { Password = "wrong" }, tls),
            Throws.TypeOf<ServerErrorException>().With.Property("Code").EqualTo(1045).And.Property("SqlState").EqualTo("28000"));
    }

    [Test]
    public async Task A_new_account_logs_in_in_full_over_rsa_and_over_tls([Values(TlsMode.Off, TlsMode.Require)] TlsMode tls)
    {
        var server = await SharedMySql.MySql;
        var account = new MySqlAccount($"catalog_{tls}", "ünïcode", "caching_sha2_password");
        await server.ExecuteAsync("", MySqlAccounts.Create(account, MySqlFlavour.MySql));
        await using var connection = await ConnectAsync(server, account, tls);
        await connection.PingAsync(CancellationToken.None);
    }

    [Test]
    public async Task A_result_keeps_null_empty_and_large_values_apart([ValueSource(nameof(Flavours))] MySqlFlavour flavour)
    {
        await using var connection = await ConnectAsync(await SharedMySql.Get(flavour), MySqlAccounts.Root);
        var result = await connection.QueryAsync("select null, '', repeat('x', 20000000), 'ü'", CancellationToken.None);
        Assert.That(result.ColumnDefinitions, Has.Count.EqualTo(4));
        Assert.That((result.Text(0, 0), result.Text(0, 1), result.Rows[0][2]!.Length, result.Text(0, 3)), Is.EqualTo(((string?)null, "", 20_000_000, "ü")));
        Assert.That((await connection.QueryAsync("do 1", CancellationToken.None)).Rows, Is.Empty);
        Assert.That((await connection.QueryAsync("select 1 from dual where false", CancellationToken.None)).Rows, Is.Empty);
    }

    /// <summary>Checklist: FE is an OK packet only below 0xFFFFFF bytes, otherwise a row.</summary>
    [Test]
    public async Task A_row_that_starts_with_FE_is_not_taken_for_the_end([ValueSource(nameof(Flavours))] MySqlFlavour flavour)
    {
        await using var connection = await ConnectAsync(await SharedMySql.Get(flavour), MySqlAccounts.Root);
        var result = await connection.QueryAsync("select repeat('x', 16777216) union all select 'y'", CancellationToken.None);
        Assert.That(result.Rows.Select(row => row[0]!.Length), Is.EqualTo([16_777_216, 1]));
    }

    [Test]
    public async Task Many_rows_are_read([ValueSource(nameof(Flavours))] MySqlFlavour flavour)
    {
        await using var connection = await ConnectAsync(await SharedMySql.Get(flavour), MySqlAccounts.Root);
        var result = await connection.QueryAsync(
            "with recursive n as (select 1 as i union all select i + 1 from n where i < 900) select a.i, b.i from n a join n b on b.i <= 100", CancellationToken.None);
        Assert.That(result.Rows, Has.Count.EqualTo(90_000));
    }

    [Test]
    public async Task An_error_leaves_the_connection_whole_and_its_message_out_of_the_exceptions([ValueSource(nameof(Flavours))] MySqlFlavour flavour)
    {
        await using var connection = await ConnectAsync(await SharedMySql.Get(flavour), MySqlAccounts.Root);
        var error = (await Assert.ThrowsAsync<ServerErrorException>(() => connection.QueryAsync("select secret_name from no_such.tables", CancellationToken.None)))!;
        Assert.That((error.Message.Contains("no_such", StringComparison.Ordinal), error.ServerMessage.Contains("no_such", StringComparison.Ordinal)), Is.EqualTo((false, true)));
        Assert.That(connection.IsBroken, Is.False);
        Assert.That((await connection.QueryAsync("select 1", CancellationToken.None)).Text(0, 0), Is.EqualTo("1"));
    }

    [Test]
    public async Task A_statement_is_prepared_and_not_executed([ValueSource(nameof(Flavours))] MySqlFlavour flavour)
    {
        await using var database = await (await SharedMySql.Get(flavour)).CreateDatabaseAsync("create table t (id int, name text)");
        await using var connection = await ConnectAsync(database.Server, MySqlAccounts.Root);
        await connection.UseDatabaseAsync(database.Name, CancellationToken.None);
        var insert = await connection.PrepareAsync("insert into t values (?, ?)"u8.ToArray(), CancellationToken.None);
        Assert.That((insert.ParameterCount, insert.ColumnDefinitions.Count), Is.EqualTo((2, 0)));
        var select = await connection.PrepareAsync("select * from t where id = ?"u8.ToArray(), CancellationToken.None);
        Assert.That((select.ParameterCount, select.ColumnDefinitions.Count), Is.EqualTo((1, 2)));
        Assert.That(
            async () => await connection.PrepareAsync("selekt 1"u8.ToArray(), CancellationToken.None), Throws.TypeOf<ServerErrorException>().With.Property("Code").EqualTo(1064));
        Assert.That(await database.ScalarAsync("select count(*) from t"), Is.EqualTo("0"));
        Assert.That((await connection.QueryAsync("show session status like 'prepared_stmt_count'", CancellationToken.None)).Rows, Is.Not.Empty);
    }

    [Test]
    public async Task A_result_above_the_limit_is_refused_and_breaks_the_connection()
    {
        await using var connection = await ConnectAsync(await SharedMySql.MariaDb, MySqlAccounts.Root, options: new MySqlClientOptions { MaxResultBytes = 10_000 });
        Assert.That(async () => await connection.QueryAsync("select repeat('x', 20000)", CancellationToken.None), Throws.TypeOf<ProtocolException>());
        Assert.That(connection.IsBroken);
    }

    [Test]
    public async Task A_statement_that_takes_too_long_is_given_up()
    {
        await using var connection = await ConnectAsync(
            await SharedMySql.MariaDb, MySqlAccounts.Root, options: new MySqlClientOptions { CommandTimeout = TimeSpan.FromMilliseconds(50) });
        Assert.That(async () => await connection.QueryAsync("select sleep(10)", CancellationToken.None), Throws.TypeOf<TimeoutException>());
        Assert.That(connection.IsBroken);
    }

    /// <summary>Checklist: never answer a request for a file with a file of the proxy's host.</summary>
    [Test]
    public async Task A_server_that_asks_for_a_file_gets_none()
    {
        var answer = new TaskCompletionSource<byte[]>();
        await using var server = new FakeServer(async stream =>
        {
            await stream.WriteAsync(MySqlMessage.Framed((FakeServer.Greeting with { Plugin = "mysql_native_password" }).ToPayload()));
            await FakeServer.ReadAsync(stream);
            await stream.WriteAsync(MySqlMessage.Framed(MySqlMessage.Ok(), 2));
            await FakeServer.ReadAsync(stream);
            await stream.WriteAsync(MySqlMessage.Framed([0xFB, .. "/etc/passwd"u8], 1));
            answer.SetResult(await FakeServer.ReadToEndAsync(stream));
        });
        await using (var connection = await MySqlConnection.ConnectAsync(
            TestListener.Options(server.EndPoint), new CatalogLogin("a", "b"), "", new MySqlClientOptions(), TimeProvider.System, CancellationToken.None))
        {
            Assert.That(async () => await connection.QueryAsync("select 1", CancellationToken.None), Throws.TypeOf<ProtocolException>());
        }
        Assert.That(await answer.Task.WaitAsync(TimeSpan.FromSeconds(10)), Is.Empty);
    }

    [TestCase("mysql_clear_password")]
    [TestCase("client_ed25519")]
    [TestCase("dialog")]
    public async Task A_plugin_that_would_give_the_password_away_or_is_not_known_is_refused(string plugin)
    {
        var answer = new TaskCompletionSource<byte[]>();
        await using var server = new FakeServer(async stream =>
        {
            await stream.WriteAsync(MySqlMessage.Framed(FakeServer.Greeting.ToPayload()));
            await FakeServer.ReadAsync(stream);
            await stream.WriteAsync(MySqlMessage.Framed([0xFE, .. System.Text.Encoding.ASCII.GetBytes(plugin), 0, .. new byte[32]], 2));
            answer.SetResult(await FakeServer.ReadToEndAsync(stream));
        });
        Assert.That(
            async () => await MySqlConnection.ConnectAsync(
                TestListener.Options(server.EndPoint), new CatalogLogin("a", "b"), "", new MySqlClientOptions(), TimeProvider.System, CancellationToken.None),
            Throws.TypeOf<LoginRefusedException>());
        Assert.That(await answer.Task.WaitAsync(TimeSpan.FromSeconds(10)), Is.Empty);
    }

    internal static Task<MySqlConnection> ConnectAsync(
        MySqlServer server, MySqlAccount account, TlsMode tls = TlsMode.Off, MySqlClientOptions? options = null) => MySqlConnection.ConnectAsync(
            ListenerOf(server, tls), new CatalogLogin(account.User, account.Password), "", options ?? new MySqlClientOptions(), TimeProvider.System, CancellationToken.None);

    internal static ListenerOptions ListenerOf(MySqlServer server, TlsMode tls = TlsMode.Off) => TestListener.Options(
        new DnsEndPoint(MySqlServer.Host, server.Port), upstreamTls: new UpstreamTlsOptions(tls, [SharedMySql.Certificates.Authority]), limits: new LimitOptions());
}
