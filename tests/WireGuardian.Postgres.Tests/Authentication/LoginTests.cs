using System.Net;
using System.Security.Cryptography;
using System.Text;
using Npgsql;
using WireGuardian.Postgres.Authentication;
using WireGuardian.Postgres.Startup;
using WireGuardian.Postgres.Tests.Startup;
using WireGuardian.Proxy.Listening;
using WireGuardian.Proxy.Tls;
using WireGuardian.Testing.Postgres;
using WireGuardian.Testing.Processes;
using WireGuardian.Testing.Tls;
using WireGuardian.Testing.Wire;

namespace WireGuardian.Postgres.Tests.Authentication;

/// <summary>Logins through the proxy to a real server, with real clients.</summary>
[TestFixture(PostgresVersion.Version15)]
[TestFixture(PostgresVersion.Version18)]
public sealed class LoginTests(PostgresVersion version)
{
    private const string Roles =
        """
        CREATE ROLE scram_user LOGIN PASSWORD 'right';
        CREATE ROLE expired_user LOGIN PASSWORD 'right' VALID UNTIL '2001-01-01';
        CREATE ROLE nologin_user PASSWORD 'right';
        CREATE ROLE passwordless_user LOGIN;
        CREATE ROLE clear_user LOGIN PASSWORD 'right';
        CREATE ROLE trust_user LOGIN;
        CREATE ROLE cert_user LOGIN;
        CREATE ROLE changing_user LOGIN PASSWORD 'before';
        CREATE ROLE guardian LOGIN PASSWORD 'guardian';
        GRANT SELECT ON pg_catalog.pg_authid TO guardian;
        CREATE ROLE weak_guardian LOGIN PASSWORD 'guardian';
        SET password_encryption = 'md5';
        CREATE ROLE md5_user LOGIN PASSWORD 'right';
        CREATE ROLE md5_for_scram_user LOGIN PASSWORD 'right';
        """;

    private readonly Certificates _certificates = new();
    private PostgresServer _server = null!;
    private CatalogVerifierSource _verifiers = null!;

    [OneTimeSetUp]
    public async Task StartServer()
    {
        _server = await PostgresServer.StartAsync(version, new PostgresServerOptions
        {
            Certificates = _certificates,
            Sql = Roles,
            HostBasedAuthentication =
            [
                "host all md5_user 127.0.0.1/32 md5",
                "host all clear_user 127.0.0.1/32 password",
                "host all trust_user 127.0.0.1/32 trust",
                "hostssl all cert_user 127.0.0.1/32 cert",
                "host all all 127.0.0.1/32 scram-sha-256",
            ],
        });
        _verifiers = new CatalogVerifierSource(Options(TlsMode.Off, TlsMode.Require), TimeProvider.System);
    }

    [OneTimeTearDown]
    public async Task StopServer()
    {
        await _verifiers.DisposeAsync();
        await _server.DisposeAsync();
        _certificates.Dispose();
    }

    [Test]
    public async Task Md5_cleartext_SCRAM_and_trust_work_with_TLS_on_both_legs_either_leg_and_none(
        [Values("md5_user", "clear_user", "scram_user", "trust_user")] string user,
        [Values(TlsMode.Off, TlsMode.Require)] TlsMode client,
        [Values(TlsMode.Off, TlsMode.Require)] TlsMode server)
    {
        await using var proxy = Proxy(client, server);
        var answer = await PsqlAsync(proxy, user, "right", client == TlsMode.Off ? "sslmode=disable" : "sslmode=require");
        Assert.That(answer.Output.Trim(), Is.EqualTo($"{user}|{(server == TlsMode.Off ? "f" : "t")}"), answer.Error);
        await using var connection = new NpgsqlConnection(Npgsql(proxy, user, "right", client));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("SELECT current_user::text", connection);
        Assert.That(await command.ExecuteScalarAsync(), Is.EqualTo(user));

        var session = proxy.Outcomes.OfType<LoginOutcome.LoggedIn>().First();
        Assert.That(session.Startup.User, Is.EqualTo(user));
        Assert.That(session.Startup.Database, Is.EqualTo("postgres"));
        Assert.That(session.Client.Tls is not null, Is.EqualTo(client != TlsMode.Off));
        Assert.That(session.Server.Tls is not null, Is.EqualTo(server != TlsMode.Off));
    }

    [TestCase("require")]
    [TestCase("prefer")]
    [TestCase("disable")]
    public async Task SCRAM_between_two_TLS_legs_works_with_channel_binding(string binding)
    {
        await using var proxy = Proxy(TlsMode.Prefer, TlsMode.VerifyFull);
        var answer = await PsqlAsync(proxy, "scram_user", "right", $"sslmode=verify-full sslrootcert={_certificates.AuthorityPath} channel_binding={binding}");
        Assert.That(answer.Output.Trim(), Is.EqualTo("scram_user|t"), answer.Error);
        await using var connection = new NpgsqlConnection(
            Npgsql(proxy, "scram_user", "right", TlsMode.Require) + $";Channel Binding={binding}");
        await connection.OpenAsync();
    }

    [Test]
    public async Task SCRAM_and_channel_binding_follow_the_hash_of_each_legs_own_certificate()
    {
        foreach (var hash in (string[])["SHA384", "SHA512"])
        {
            var certificate = _certificates.CreateServer(signatureHash: new HashAlgorithmName(hash), rsa: hash == "SHA512");
            await using var proxy = new LoginProxy(Options(TlsMode.Require, TlsMode.Require) with
            {
                Tls = new ClientTlsOptions(TlsMode.Require, certificate.Load()),
            }, _verifiers);
            var answer = await PsqlAsync(proxy, "scram_user", "right", "sslmode=require channel_binding=require");
            Assert.That(answer.Output.Trim(), Is.EqualTo("scram_user|t"), answer.Error);
        }
    }

    [Test]
    public async Task A_client_in_clear_is_not_offered_PLUS_of_the_servers_TLS_leg_and_reads_the_rest_of_the_list()
    {
        await using var proxy = Proxy(TlsMode.Off, TlsMode.Require);
        await using var client = await WireClient.ConnectAsync(proxy.Port);
        await client.SendAsync(FrontendMessage.Startup(FrontendMessage.Protocol30, [("user", "scram_user")]));
        Assert.That((await client.ReadFrameAsync()).Body, Is.EqualTo("\0\0\0\nSCRAM-SHA-256\0\0"u8.ToArray()));
    }

    [Test]
    public async Task A_client_in_TLS_is_offered_PLUS_with_the_proxys_own_certificate_where_the_server_has_TLS_too()
    {
        await using var proxy = Proxy(TlsMode.Require, TlsMode.Require);
        await using var client = await WireClient.ConnectAsync(proxy.Port);
        await client.StartTlsAsync("postgresql", _certificates.Authority);
        await client.SendAsync(FrontendMessage.Startup(FrontendMessage.Protocol30, [("user", "scram_user")]));
        Assert.That((await client.ReadFrameAsync()).Body, Is.EqualTo("\0\0\0\nSCRAM-SHA-256-PLUS\0SCRAM-SHA-256\0\0"u8.ToArray()));
    }

    [Test]
    public async Task A_client_that_was_made_to_believe_that_there_is_no_channel_binding_is_refused()
    {
        await using var proxy = Proxy(TlsMode.Require, TlsMode.Require);
        var error = await ScramRefusalAsync(proxy, new ScramClient("right", gs2Header: "y,,"));
        Assert.That((error.SqlState, error.Message), Is.EqualTo(("28000", "SCRAM channel binding negotiation error")));
    }

    [Test]
    public async Task A_client_that_bound_to_another_certificate_is_refused()
    {
        await using var proxy = Proxy(TlsMode.Require, TlsMode.Require);
        var error = await ScramRefusalAsync(proxy, new ScramClient("right", new byte[32]));
        Assert.That((error.SqlState, error.Message), Is.EqualTo(("28000", "SCRAM channel binding check failed")));
    }

    [Test]
    public async Task A_wrong_password_an_unknown_user_and_an_expired_role_fail_alike(
        [Values("scram_user", "expired_user", "passwordless_user", "md5_for_scram_user", "nobody_of_that_name")] string user,
        [Values(TlsMode.Off, TlsMode.Require)] TlsMode client,
        [Values(TlsMode.Off, TlsMode.Require)] TlsMode server)
    {
        await using var proxy = Proxy(client, server);
        var exception = await Assert.ThrowsAsync<PostgresException>(async () =>
        {
            await using var connection = new NpgsqlConnection(Npgsql(proxy, user, user == "scram_user" ? "wrong" : "right", client));
            await connection.OpenAsync();
        });
        Assert.That(exception!.SqlState, Is.EqualTo("28P01"));
        Assert.That(exception.Severity, Is.EqualTo("FATAL"));
        Assert.That(exception.MessageText, Is.EqualTo($"password authentication failed for user \"{user}\""));
        Assert.That(exception.Detail, Is.Null);
        Assert.That(exception.Hint, Is.Null);
    }

    [Test]
    public async Task An_unknown_user_gets_the_same_salt_every_time()
    {
        await using var proxy = Proxy(TlsMode.Require, TlsMode.Require);
        var salts = new List<string>();
        for (var i = 0; i < 2; i++)
        {
            await using var client = await ConnectTlsAsync(proxy, "nobody");
            salts.Add((await ServerFirstAsync(client, new ScramClient("x", Binding()))).Split(',')[1]);
        }
        Assert.That(salts[0], Is.EqualTo(salts[1]));
        Assert.That(Convert.FromBase64String(salts[0][2..]), Has.Length.EqualTo(16), "as long as a real one");
    }

    [Test]
    public async Task A_role_that_may_not_log_in_gets_the_servers_own_error()
    {
        await using var proxy = Proxy(TlsMode.Require, TlsMode.Require);
        var answer = await PsqlAsync(proxy, "nologin_user", "right", "sslmode=require channel_binding=require");
        Assert.That(answer.Error, Does.Contain("role \"nologin_user\" is not permitted to log in"));
    }

    [Test]
    public async Task A_changed_password_works_after_one_failure_at_most_and_the_old_one_never()
    {
        await using var proxy = Proxy(TlsMode.Require, TlsMode.Require);
        const string Parameters = "sslmode=require channel_binding=require";
        Assert.That((await PsqlAsync(proxy, "changing_user", "before", Parameters)).ExitCode, Is.Zero);
        await _server.ExecuteAsync("ALTER ROLE changing_user PASSWORD 'after'");
        Assert.That((await PsqlAsync(proxy, "changing_user", "before", Parameters)).Error, Does.Contain("password authentication failed"));
        Assert.That((await PsqlAsync(proxy, "changing_user", "after", Parameters)).ExitCode, Is.Zero);
    }

    [Test]
    public async Task Without_the_right_to_read_verifiers_the_error_says_what_to_do()
    {
        var options = Options(TlsMode.Require, TlsMode.Require);
        await using var weak = new CatalogVerifierSource(options with { Catalog = new CatalogLogin("weak_guardian", "guardian") }, TimeProvider.System);
        await using var broken = new CatalogVerifierSource(options with { Catalog = new CatalogLogin("guardian", "wrong") }, TimeProvider.System);
        foreach (var (source, hint) in (IEnumerable<(IScramVerifierSource, string)>)
            [(weak, "GRANT SELECT ON pg_catalog.pg_authid"), (broken, "catalog: login"), (new NoVerifierSource(), "Configure catalog:")])
        {
            await using var proxy = new LoginProxy(options, source);
            var answer = await PsqlAsync(proxy, "scram_user", "right", "sslmode=require");
            Assert.That(answer.Error, Does.Contain(hint));
            var unbound = await PsqlAsync(proxy, "scram_user", "right", "sslmode=require channel_binding=disable");
            Assert.That(unbound.Output.Trim(), Is.EqualTo("scram_user|t"), "a client that binds nothing needs no verifier");
        }
    }

    [Test]
    public async Task The_proxy_logs_in_upstream_with_a_certificate()
    {
        using var certificate = _certificates.CreateClient("cert_user").Load();
        var options = Options(TlsMode.Require, TlsMode.VerifyFull);
        await using var proxy = new LoginProxy(options with { UpstreamTls = options.UpstreamTls with { ClientCertificate = certificate } }, _verifiers);
        var answer = await PsqlAsync(proxy, "cert_user", "", "sslmode=require");
        Assert.That(answer.Output.Trim(), Is.EqualTo("cert_user|t"), answer.Error);
    }

    [Test]
    public async Task Start_up_parameters_pass_through_to_the_session()
    {
        await using var proxy = Proxy(TlsMode.Off, TlsMode.Off);
        await using var client = await WireClient.LogInAsync(
            proxy.Port, "scram_user", "right", "postgres",
            ("options", "-c work_mem=5MB"), ("application_name", "tester"), ("search_path", "pg_temp"), ("client_encoding", "LATIN1"));
        foreach (var (setting, value) in (IEnumerable<(string, string)>)
            [("work_mem", "5MB"), ("application_name", "tester"), ("search_path", "pg_temp"), ("client_encoding", "LATIN1")])
            Assert.That((await client.QueryAsync($"SHOW {setting}")).Single(frame => frame.Type == 'D').Texts, Is.EqualTo(new[] { value }));
    }

    [Test]
    public async Task A_replication_start_up_passes_through()
    {
        await _server.ExecuteAsync("ALTER ROLE trust_user REPLICATION");
        await using var proxy = Proxy(TlsMode.Off, TlsMode.Off);
        await using var client = await WireClient.LogInAsync(proxy.Port, "trust_user", "", "postgres", ("replication", "database"));
        Assert.That((await client.QueryAsync("IDENTIFY_SYSTEM")).Select(frame => frame.Type), Does.Contain('D'));
        Assert.That(proxy.Outcomes.OfType<LoginOutcome.LoggedIn>().Single().Startup.IsReplication, Is.True);
    }

    [Test]
    public async Task Protocol_3_2_is_what_the_server_makes_of_it_and_cancel_keys_of_its_length_work()
    {
        await using var proxy = Proxy(TlsMode.Off, TlsMode.Off);
        await using var client = await WireClient.ConnectAsync(proxy.Port);
        await client.SendAsync(FrontendMessage.Startup(FrontendMessage.Protocol32, [("user", "scram_user"), ("database", "postgres")]));
        var frames = await client.AuthenticateAsync("scram_user", "right");
        var has32 = version == PostgresVersion.Version18;
        Assert.That(frames.Count(frame => frame.Type == 'v'), Is.EqualTo(has32 ? 0 : 1), "NegotiateProtocolVersion once");
        Assert.That(client.CancelKey, Has.Length.EqualTo(has32 ? 32 : 4));
        Assert.That(proxy.Outcomes.OfType<LoginOutcome.LoggedIn>().Single().ProtocolMinor, Is.EqualTo(has32 ? 2 : 0));

        await client.SendAsync(FrontendMessage.Query("SELECT pg_sleep(60)"));
        await using var canceller = await WireClient.ConnectAsync(proxy.Port);
        await WaitUntilSleepingAsync();
        await canceller.SendAsync(FrontendMessage.CancelRequest(client.ProcessId, client.CancelKey));
        Assert.That(await canceller.ReadToEndAsync(), Is.Empty);
        Assert.That((await client.ReadUntilAsync('Z')).Single(frame => frame.Type == 'E').SqlState, Is.EqualTo("57014"));
    }

    [Test]
    public async Task A_made_up_minor_version_and_option_are_negotiated_away_by_the_server_naming_them_once()
    {
        await using var proxy = Proxy(TlsMode.Off, TlsMode.Off);
        await using var client = await WireClient.ConnectAsync(proxy.Port);
        await client.SendAsync(FrontendMessage.Startup((3 << 16) | 9999, [("user", "trust_user"), ("database", "postgres"), ("_pq_.made_up", "on")]));
        var frames = await client.AuthenticateAsync("trust_user", "");
        var negotiation = frames.Single(frame => frame.Type == 'v');
        Assert.That(Encoding.ASCII.GetString(negotiation.Body), Does.Contain("_pq_.made_up"));
        Assert.That(frames[^1].Type, Is.EqualTo('Z'));
    }

    [Test]
    public async Task Who_is_not_admitted_is_told_and_the_server_is_not_connected_to()
    {
        await using var fake = new FakeServer(_ => Task.CompletedTask);
        await using var proxy = new LoginProxy(
            TestListener.Options(fake.EndPoint), admit: message => message.User == "a" ? new FatalError("53300", "too many connections") : null);
        await using var client = await WireClient.ConnectAsync(proxy.Port);
        await client.SendAsync(FrontendMessage.Startup(FrontendMessage.Protocol30, [("user", "a")]));
        Assert.That((await client.ReadFrameAsync()).SqlState, Is.EqualTo("53300"));
        Assert.That(await client.ReadToEndAsync(), Is.Empty);
        Assert.That(fake.Connections, Is.Zero);
    }

    private async Task WaitUntilSleepingAsync()
    {
        while (await _server.ScalarAsync("SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%' AND state = 'active'") is not 1L)
            await Task.Delay(20);
    }

    private byte[] Binding()
    {
        using var certificate = _certificates.Server.Load();
        return ServerEndPointBinding.Compute(certificate)!;
    }

    private async Task<WireClient> ConnectTlsAsync(LoginProxy proxy, string user)
    {
        var client = await WireClient.ConnectAsync(proxy.Port);
        await client.StartTlsAsync("postgresql", _certificates.Authority);
        await client.SendAsync(FrontendMessage.Startup(FrontendMessage.Protocol30, [("user", user), ("database", "postgres")]));
        await client.ReadFrameAsync();
        return client;
    }

    private static async Task<string> ServerFirstAsync(WireClient client, ScramClient scram)
    {
        await client.SendAsync(FrontendMessage.SaslInitialResponse(scram.Mechanism, scram.ClientFirst));
        return Encoding.UTF8.GetString((await client.ReadFrameAsync()).Body.AsSpan(4));
    }

    private async Task<WireFrame> ScramRefusalAsync(LoginProxy proxy, ScramClient scram)
    {
        await using var client = await ConnectTlsAsync(proxy, "scram_user");
        await client.SendAsync(FrontendMessage.SaslInitialResponse(scram.Mechanism, scram.ClientFirst));
        var frame = await client.ReadFrameAsync();
        if (frame.Type == 'R')
        {
            await client.SendAsync(FrontendMessage.SaslResponse(scram.ClientFinal(Encoding.UTF8.GetString(frame.Body.AsSpan(4)))));
            frame = await client.ReadFrameAsync();
        }
        Assert.That(await client.ReadToEndAsync(), Is.Empty);
        return frame;
    }

    private ListenerOptions Options(TlsMode client, TlsMode server) => TestListener.Options(
        new DnsEndPoint(PostgresServer.Host, _server.Port),
        client,
        client == TlsMode.Off ? null : _certificates.Server,
        new UpstreamTlsOptions(server, server == TlsMode.VerifyFull ? [_certificates.Authority] : null),
        new CatalogLogin("guardian", "guardian"));

    private LoginProxy Proxy(TlsMode client, TlsMode server) => new(Options(client, server), _verifiers);

    private static string Npgsql(LoginProxy proxy, string user, string password, TlsMode client) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = proxy.Port,
        Username = user,
        Password = password,
        Database = "postgres",
        Pooling = false,
        SslMode = client == TlsMode.Off ? SslMode.Disable : SslMode.Require,
    }.ConnectionString;

    private static Task<ProcessResult> PsqlAsync(LoginProxy proxy, string user, string password, string parameters) => ProcessRunner.RunAsync(
        PostgresBinaries.Client("psql"),
        ["-XAtw", "-d", $"host=localhost hostaddr=127.0.0.1 port={proxy.Port} user={user} dbname=postgres {parameters}"],
        "SELECT current_user, coalesce((SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()), false)",
        new Dictionary<string, string?> { ["PGPASSWORD"] = password.Length == 0 ? null : password, ["PGSSLMODE"] = null });
}
