using System.Net;
using WireGuardian.MySql.Authentication;
using WireGuardian.MySql.Packets;
using WireGuardian.MySql.Startup;
using WireGuardian.MySql.Tests.Startup;
using WireGuardian.Proxy.Tls;
using WireGuardian.Testing.MySql;

namespace WireGuardian.MySql.Tests.Authentication;

/// <summary>Logins through the proxy to real servers.</summary>
public sealed class LoginTests
{
    private static readonly MySqlFlavour[] Flavours = Enum.GetValues<MySqlFlavour>();

    /// <summary>Every account of every server, with and without TLS on each leg.</summary>
    private static IEnumerable<TestCaseData> Accounts() =>
        from flavour in Flavours
        from account in MySqlAccounts.Of(flavour).Where(account => account != MySqlAccounts.Ed25519)
        from clientTls in (bool[])[false, true]
        from serverTls in (bool[])[false, true]
        select new TestCaseData(flavour, account, clientTls, serverTls);

    [TestCaseSource(nameof(Accounts))]
    public async Task Every_account_logs_in_whichever_legs_are_tls(MySqlFlavour flavour, MySqlAccount account, bool clientTls, bool serverTls)
    {
        var server = await SharedMySql.Get(flavour);
        await using var proxy = Proxy(server, serverTls);
        await using var client = await MySqlWireClient.LogInAsync(proxy.Port, new MySqlLogin(account) { Tls = clientTls });
        Assert.That(await client.RowsAsync("select substring_index(user(), '@', 1), connection_id()"),
            Is.EqualTo(new string?[][] { [account.User, $"{client.Greeting!.ConnectionId}"] }));
        Assert.That(await client.RowsAsync("show status like 'ssl_version'"), Is.EqualTo(new string?[][] { ["Ssl_version", serverTls ? "TLSv1.3" : ""] }));
        Assert.That((await proxy.LoginAsync()).Security, Is.EqualTo(new LegSecurity(clientTls, serverTls)));
    }

    [TestCaseSource(nameof(Accounts))]
    public async Task A_wrong_password_is_refused_with_the_servers_own_words(MySqlFlavour flavour, MySqlAccount account, bool clientTls, bool serverTls)
    {
        var server = await SharedMySql.Get(flavour);
        await using var proxy = Proxy(server, serverTls);
        await using var client = await MySqlWireClient.ConnectAsync(proxy.Port);
        var refusal = await client.TryLogInAsync(new MySqlLogin(account with { Password = "wrong" }) { Tls = clientTls });
        Assert.That((refusal.ErrorCode, refusal.SqlState), Is.EqualTo((1045, "28000")));
        Assert.That(refusal.ErrorMessage, Does.StartWith($"Access denied for user '{account.User}'@"));
        Assert.That(await client.ReadToEndAsync(), Is.Empty);
    }

    [TestCaseSource(nameof(Accounts))]
    public async Task The_login_packets_are_the_servers_own(MySqlFlavour flavour, MySqlAccount account, bool clientTls, bool serverTls)
    {
        Assume.That(clientTls, Is.EqualTo(serverTls), "where the legs differ a password in full is translated");
        var server = await SharedMySql.Get(flavour);
        await using var proxy = Proxy(server, serverTls);
        var login = new MySqlLogin(account) { Tls = clientTls };
        await using (await MySqlWireClient.LogInAsync(server.Port, login))
        {
            // So that both of the next find the server's cache filled.
        }
        await using var direct = await MySqlWireClient.LogInAsync(server.Port, login);
        await using var proxied = await MySqlWireClient.LogInAsync(proxy.Port, login);
        Assert.That(proxied.LoginPackets.Select(Shape), Is.EqualTo(direct.LoginPackets.Select(Shape)));
        Assert.That(Comparable(proxied.Greeting!), Is.EqualTo(Comparable(direct.Greeting!)));

        static string Shape(MySqlPacket packet) => packet.First == 0xFE ? $"{packet.Sequence} switch" : packet.ToString();
        static byte[] Comparable(MySqlGreeting greeting) =>
            (greeting with { ConnectionId = 0, Scramble = new byte[20], Capabilities = 0, MariaDbCapabilities = 0 }).ToPayload();
    }

    /// <summary>The server forgets whom it knows when their password is set.</summary>
    [Test]
    public async Task Caching_sha2_password_logs_in_in_full_and_then_fast([Values] bool clientTls, [Values] bool serverTls)
    {
        var server = await SharedMySql.MySql;
        var account = new MySqlAccount($"cached_{clientTls}_{serverTls}", "cached-secret", "caching_sha2_password");
        await server.ExecuteAsync("", MySqlAccounts.Create(account, MySqlFlavour.MySql));
        await using var proxy = Proxy(server, serverTls);
        for (var round = 0; round < 2; round++)
        {
            await using var client = await MySqlWireClient.LogInAsync(proxy.Port, new MySqlLogin(account) { Tls = clientTls });
            var result = client.LoginPackets.Single(packet => packet.Payload is [1, 3 or 4]);
            Assert.That(result.Payload[1], Is.EqualTo(round == 0 ? 4 : 3), $"round {round}");
            Assert.That(client.LoginPackets[^1].Sequence, Is.EqualTo(client.Sequence - 1));
            Assert.That(await client.RowsAsync("select 1"), Has.Count.EqualTo(1));
        }
    }

    /// <summary>Checklist: one good login must not open the door to a client without the plugin.</summary>
    [Test]
    public async Task One_good_login_does_not_open_the_door_to_a_client_without_the_plugin([Values] bool tls)
    {
        var server = await SharedMySql.MySql;
        await using var proxy = Proxy(server, tls);
        await using (await MySqlWireClient.LogInAsync(proxy.Port, new MySqlLogin(MySqlAccounts.Sha2) { Tls = tls }))
        {
            // Now the server knows the account.
        }
        await using var client = await MySqlWireClient.ConnectAsync(proxy.Port);
        await client.ReadGreetingAsync();
        await client.SendPacketAsync(MySqlMessage.Response(
            MySqlCapabilities.Plain & ~MySqlCapabilities.PluginAuth, MySqlAccounts.Sha2.User, MySqlPassword.Native(MySqlAccounts.Sha2.Password, client.Greeting!.Scramble)));
        Assert.That((await client.ReadPacketAsync()).First, Is.Not.Zero);
    }

    [Test]
    public async Task The_servers_own_command_line_logs_in_by_ed25519([Values] bool serverTls)
    {
        var server = await SharedMySql.MariaDb;
        await using var proxy = Proxy(server, serverTls);
        Assert.That((await server.CommandLineAsync(proxy.Port, "select user()", MySqlAccounts.Ed25519)).EnsureSuccess().Output, Is.EqualTo("ed@127.0.0.1\n"));
        var refused = await server.CommandLineAsync(proxy.Port, "select user()", MySqlAccounts.Ed25519 with { Password = "wrong" });
        Assert.That(refused.Error, Does.Contain("ERROR 1045 (28000)"));
    }

    [Test]
    public async Task The_servers_own_command_line_logs_in_by_every_plugin(
        [ValueSource(nameof(Flavours))] MySqlFlavour flavour, [Values] bool clientTls, [Values] bool serverTls)
    {
        var server = await SharedMySql.Get(flavour);
        await using var proxy = Proxy(server, serverTls);
        string[] tls = flavour == MySqlFlavour.MariaDb
            ? [clientTls ? $"--ssl-ca={SharedMySql.Certificates.AuthorityPath}" : "--skip-ssl"]
            : clientTls ? ["--ssl-mode=VERIFY_CA", $"--ssl-ca={SharedMySql.Certificates.AuthorityPath}"] : ["--ssl-mode=DISABLED", "--get-server-public-key"];
        foreach (var account in MySqlAccounts.Of(flavour))
        {
            var result = await server.CommandLineAsync(proxy.Port, "select user()", account, arguments: tls);
            Assert.That(result.EnsureSuccess().Output, Is.EqualTo($"{account.User}@127.0.0.1\n"));
        }
    }

    /// <summary>Checklist: the server version string and connection id reach the client as they are.</summary>
    [Test]
    public async Task The_server_version_string_and_connection_id_reach_the_client_as_they_are([ValueSource(nameof(Flavours))] MySqlFlavour flavour)
    {
        var server = await SharedMySql.Get(flavour);
        await using var proxy = Proxy(server, serverTls: false);
        await using var client = await MySqlWireClient.LogInAsync(proxy.Port, MySqlAccounts.App);
        await using var direct = await server.OpenAsync();
        Assert.That(client.Greeting!.Version, Is.EqualTo(direct.Greeting!.Version));
        Assert.That((await client.RowsAsync("select connection_id()"))[0][0], Is.EqualTo($"{client.Greeting.ConnectionId}"));
        await direct.RowsAsync($"kill {client.Greeting.ConnectionId}");
        await client.SendCommandAsync(MySqlMessage.Query("select 1"));
        Assert.That(async () => (await client.ReadPacketAsync()).IsError ? throw new EndOfStreamException() : 0, Throws.TypeOf<EndOfStreamException>());
        var login = await proxy.LoginAsync();
        Assert.That((login.ConnectionId, login.Version.Text), Is.EqualTo((client.Greeting.ConnectionId, client.Greeting.Version)));
        Assert.That(login.Version.Flavour, Is.EqualTo(flavour == MySqlFlavour.MariaDb ? ServerFlavour.MariaDb : ServerFlavour.MySql));
        Assert.That(login.Version.Number.ToString(2), Is.EqualTo(flavour == MySqlFlavour.MariaDb ? "10.11" : "9.7"));
    }

    [Test]
    public async Task Database_attributes_and_character_set_reach_the_server_and_the_session([ValueSource(nameof(Flavours))] MySqlFlavour flavour)
    {
        await using var database = await (await SharedMySql.Get(flavour)).CreateDatabaseAsync();
        await using var proxy = Proxy(database.Server, serverTls: true);
        await using var client = await MySqlWireClient.LogInAsync(
            proxy.Port, new MySqlLogin(MySqlAccounts.App, database.Name) { Attributes = [("_os", "Linux"), ("program_name", "payroll")] });
        Assert.That(await client.RowsAsync("select database(), @@character_set_client"), Is.EqualTo(new string?[][] { [database.Name, "utf8mb4"] }));
        var login = await proxy.LoginAsync();
        Assert.That(login.Identity, Is.EqualTo(new ClientIdentity("app", database.Name, "payroll")));
        Assert.That(login.CharacterSet, Is.EqualTo(45));
        Assert.That(login.Status, Is.EqualTo(StatusFlags.AutoCommit).Or.EqualTo(StatusFlags.AutoCommit | StatusFlags.SessionStateChanged));
        if (flavour == MySqlFlavour.MySql)
        {
            Assert.That(
                await database.Server.ScalarAsync($"select attr_value from performance_schema.session_connect_attrs where attr_name = 'program_name' and processlist_id = {login.ConnectionId}"),
                Is.EqualTo("payroll"));
        }
    }

    [Test]
    public async Task An_unknown_database_is_refused_by_the_server([ValueSource(nameof(Flavours))] MySqlFlavour flavour)
    {
        await using var proxy = Proxy(await SharedMySql.Get(flavour), serverTls: false);
        await using var client = await MySqlWireClient.ConnectAsync(proxy.Port);
        var refusal = await client.TryLogInAsync(new MySqlLogin(MySqlAccounts.Root, "no_such_database"));
        Assert.That((refusal.ErrorCode, refusal.SqlState), Is.EqualTo((1049, "42000")));
    }

    /// <summary>Checklist: an auth switch in mid-login, whatever plugin the client begins with.</summary>
    [Test]
    public async Task An_authentication_switch_in_mid_login_is_followed([ValueSource(nameof(Flavours))] MySqlFlavour flavour, [Values] bool tls)
    {
        var server = await SharedMySql.Get(flavour);
        await using var proxy = Proxy(server, tls);
        var first = flavour == MySqlFlavour.MariaDb ? "caching_sha2_password" : "mysql_native_password";
        await using var client = await MySqlWireClient.LogInAsync(proxy.Port, new MySqlLogin(MySqlAccounts.App) { Tls = tls, Plugin = first });
        Assert.That(client.LoginPackets[0].First, Is.EqualTo(0xFE));
        Assert.That((await client.RowsAsync("select 1"))[0][0], Is.EqualTo("1"));
    }

    [Test]
    public async Task A_server_with_no_room_is_heard_with_its_own_words([ValueSource(nameof(Flavours))] MySqlFlavour flavour)
    {
        await using var server = await MySqlServer.StartAsync(flavour, new MySqlServerOptions { Arguments = ["--max-connections=10"] });
        await using var proxy = Proxy(server, serverTls: false);
        var clients = new List<MySqlWireClient>();
        MySqlPacket last;
        do
        {
            clients.Add(await MySqlWireClient.ConnectAsync(proxy.Port));
            last = await clients[^1].TryLogInAsync(new MySqlLogin(MySqlAccounts.App));
        }
        while (last.IsOk && clients.Count < 20);
        Assert.That(last.ErrorCode, Is.EqualTo(1040));
        foreach (var client in clients)
            await client.DisposeAsync();
    }

    internal static LoginProxy Proxy(MySqlServer server, bool serverTls, ILoginAdmission? admission = null) => new(
        TestListener.Options(
            new DnsEndPoint("127.0.0.1", server.Port), TlsMode.Prefer, SharedMySql.Certificates.Server,
            new UpstreamTlsOptions(serverTls ? TlsMode.VerifyFull : TlsMode.Off, [SharedMySql.Certificates.Authority])),
        admission);
}
