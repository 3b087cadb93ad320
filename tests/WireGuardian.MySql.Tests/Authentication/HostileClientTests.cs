using WireGuardian.MySql.Authentication;
using WireGuardian.MySql.Startup;
using WireGuardian.MySql.Tests.Startup;
using WireGuardian.Proxy.Limits;
using WireGuardian.Proxy.Tls;
using WireGuardian.Testing.MySql;
using WireGuardian.Testing.Time;
using WireGuardian.Testing.Tls;

namespace WireGuardian.MySql.Tests.Authentication;

/// <summary>Clients that do what no client should, in front of a server that takes everybody.</summary>
public sealed class HostileClientTests
{
    private const uint Capabilities = MySqlCapabilities.Plain;

    private readonly Certificates _certificates = new();

    [OneTimeTearDown]
    public void DeleteCertificates() => _certificates.Dispose();

    /// <summary>Checklist: bytes after SSLRequest in clear end the connection.</summary>
    [Test]
    public async Task Bytes_after_SSLRequest_in_clear_end_the_connection()
    {
        var response = new TaskCompletionSource<byte[]>();
        await using var server = Server(response);
        await using var proxy = Proxy(server, TlsMode.Prefer);
        await using var client = await MySqlWireClient.ConnectAsync(proxy.Port);
        await client.ReadGreetingAsync();
        await client.SendAsync([
            .. MySqlMessage.Framed(MySqlMessage.TlsRequest(Capabilities | MySqlCapabilities.Ssl), 1),
            .. MySqlMessage.Framed(MySqlMessage.Response(Capabilities, "injected", []), 2)]);
        await client.ReadToEndAsync();
        Assert.That(await proxy.First, Is.InstanceOf<LoginOutcome.Closed>());
        Assert.That(response.Task.IsCompleted, Is.False, "the server was told of nobody");
    }

    [Test]
    public async Task A_client_in_clear_is_refused_where_the_listener_demands_tls()
    {
        await using var server = Server();
        await using var proxy = Proxy(server, TlsMode.Require);
        await using var client = await MySqlWireClient.ConnectAsync(proxy.Port);
        var refusal = await client.TryLogInAsync(new MySqlLogin(MySqlAccounts.App));
        Assert.That((refusal.ErrorCode, refusal.Sequence), Is.EqualTo((3159, (byte)2)));
    }

    [Test]
    public async Task A_request_for_tls_is_refused_where_it_is_off()
    {
        await using var server = Server();
        await using var proxy = Proxy(server, TlsMode.Off);
        await using var client = await MySqlWireClient.ConnectAsync(proxy.Port);
        await client.ReadGreetingAsync();
        Assert.That(client.Greeting!.Capabilities & MySqlCapabilities.Ssl, Is.Zero);
        await client.SendPacketAsync(MySqlMessage.TlsRequest(Capabilities | MySqlCapabilities.Ssl));
        Assert.That((await client.ReadPacketAsync()).ErrorCode, Is.EqualTo(1043));
    }

    /// <summary>Checklist: limits before allocation; handshake parsing never trusts a length.</summary>
    [TestCase("FFFFFF01", Description = "16 MB, of which nothing comes")]
    [TestCase("00000201", Description = "128 KiB")]
    [TestCase("00000001", Description = "empty")]
    [TestCase("2000000100020000", Description = "a length that never comes, then the end")]
    [TestCase("20000005", Description = "out of order")]
    [TestCase("1000000100000000000000000000000000000000", Description = "too short")]
    public async Task A_response_that_is_none_is_refused_with_an_error_in_sequence(string hex)
    {
        await using var server = Server();
        await using var proxy = Proxy(server, TlsMode.Off);
        await using var client = await MySqlWireClient.ConnectAsync(proxy.Port);
        await client.ReadGreetingAsync();
        await client.SendAsync(Convert.FromHexString(hex));
        client.Socket.Shutdown(System.Net.Sockets.SocketShutdown.Send);
        var refusal = await client.ReadPacketAsync();
        Assert.That(refusal.IsError);
        Assert.That(refusal.Sequence, Is.AnyOf(1, 2));
        Assert.That(await client.ReadToEndAsync(), Is.Empty);
    }

    [Test]
    public async Task A_handshake_in_pieces_of_one_byte_is_the_same()
    {
        var response = new TaskCompletionSource<byte[]>();
        await using var server = Server(response);
        await using var proxy = Proxy(server, TlsMode.Off);
        await using var client = await MySqlWireClient.ConnectAsync(proxy.Port);
        await client.ReadGreetingAsync();
        var payload = MySqlMessage.Response(
            Capabilities | MySqlCapabilities.ConnectWithDb | MySqlCapabilities.ConnectAttributes, "erin", new byte[20], "shop", attributes: ("program_name", "till"));
        foreach (var piece in MySqlMessage.Framed(payload, 1))
            await client.SendAsync([piece]);
        Assert.That((await client.ReadPacketAsync()).IsOk);
        Assert.That(await response.Task, Is.EqualTo(payload));
        Assert.That((await proxy.LoginAsync()).Identity, Is.EqualTo(new ClientIdentity("erin", "shop", "till")));
    }

    /// <summary>MariaDB's connectors leave out what their capabilities do not name; some forget the last NUL.</summary>
    [Test]
    public async Task A_response_without_its_last_nul_is_taken()
    {
        var response = new TaskCompletionSource<byte[]>();
        await using var server = Server(response);
        await using var proxy = Proxy(server, TlsMode.Off);
        await using var client = await MySqlWireClient.ConnectAsync(proxy.Port);
        await client.ReadGreetingAsync();
        var payload = MySqlMessage.Response(Capabilities, "erin", new byte[20]);
        await client.SendPacketAsync(payload[..^1]);
        Assert.That((await client.ReadPacketAsync()).IsOk);
        Assert.That(await response.Task, Is.EqualTo(payload));
    }

    [Test]
    public async Task A_client_of_before_4_1_is_refused()
    {
        await using var server = Server();
        await using var proxy = Proxy(server, TlsMode.Off);
        await using var client = await MySqlWireClient.ConnectAsync(proxy.Port);
        await client.ReadGreetingAsync();
        await client.SendPacketAsync(MySqlMessage.Response(Capabilities & ~MySqlCapabilities.Protocol41, "a", []));
        Assert.That((await client.ReadPacketAsync()).ErrorCode, Is.EqualTo(1043));
    }

    [Test]
    public async Task A_user_whose_name_cannot_be_read_for_certain_is_refused()
    {
        await using var server = Server();
        await using var proxy = Proxy(server, TlsMode.Off);
        await using var client = await MySqlWireClient.ConnectAsync(proxy.Port);
        await client.ReadGreetingAsync();
        await client.SendPacketAsync(MySqlMessage.Response(Capabilities, "王", [], characterSet: 28));
        Assert.That((await client.ReadPacketAsync()).ErrorMessage, Does.Contain("utf8mb4"));
    }

    [Test]
    public async Task A_client_that_says_nothing_is_given_up()
    {
        var time = new FakeTime();
        await using var server = Server();
        await using var proxy = new LoginProxy(TestListener.Options(server.EndPoint, limits: new LimitOptions { LoginTimeout = TimeSpan.FromSeconds(7) }), time: time);
        await using var client = await MySqlWireClient.ConnectAsync(proxy.Port);
        await client.ReadGreetingAsync();
        time.Advance(TimeSpan.FromSeconds(8));
        var refusal = await client.ReadPacketAsync();
        Assert.That((refusal.ErrorCode, refusal.Sequence), Is.EqualTo((1159, (byte)1)));
        Assert.That(await client.ReadToEndAsync(), Is.Empty);
    }

    [Test]
    public async Task A_client_that_stops_in_the_middle_of_its_response_is_given_up()
    {
        var time = new FakeTime();
        await using var server = Server();
        await using var proxy = new LoginProxy(TestListener.Options(server.EndPoint), time: time);
        await using var client = await MySqlWireClient.ConnectAsync(proxy.Port);
        await client.ReadGreetingAsync();
        await client.SendAsync(MySqlMessage.Framed(MySqlMessage.Response(Capabilities, "a", []), 1)[..10]);
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.That((await client.ReadPacketAsync()).ErrorCode, Is.EqualTo(1159));
    }

    [Test]
    public async Task Too_many_connections_are_refused_before_the_server_is_asked()
    {
        await using var server = Server();
        await using var proxy = new LoginProxy(TestListener.Options(server.EndPoint), new Full());
        await using var client = await MySqlWireClient.ConnectAsync(proxy.Port);
        var refusal = await client.ReadPacketAsync();
        Assert.That((refusal.Sequence, refusal.ErrorCode, refusal.SqlState, refusal.ErrorMessage), Is.EqualTo(((byte)0, 1040, "", "Too many connections")));
        Assert.That(server.Connections, Is.Zero);
    }

    [Test]
    public async Task A_user_who_is_not_admitted_is_refused_before_the_server_hears_of_them()
    {
        var response = new TaskCompletionSource<byte[]>();
        await using var server = Server(response);
        await using var proxy = new LoginProxy(TestListener.Options(server.EndPoint), new Nobody());
        await using var client = await MySqlWireClient.ConnectAsync(proxy.Port);
        var refusal = await client.TryLogInAsync(new MySqlLogin(MySqlAccounts.App));
        Assert.That((refusal.Sequence, refusal.ErrorCode, refusal.SqlState), Is.EqualTo(((byte)2, 1226, "42000")));
        Assert.That(response.Task.IsCompleted, Is.False);
    }

    /// <summary>Any bytes for a response: an answer, and no session left behind.</summary>
    [Test]
    public async Task Any_bytes_for_a_response_are_answered_or_end_the_connection()
    {
        var random = new Random(11);
        await using var server = Server();
        await using var proxy = Proxy(server, TlsMode.Prefer);
        var valid = MySqlMessage.Framed(MySqlMessage.Response(
            Capabilities | MySqlCapabilities.ConnectAttributes, "erin", new byte[20], attributes: ("program_name", "till")), 1);
        for (var round = 0; round < 100; round++)
        {
            var bytes = (byte[])valid.Clone();
            for (var change = random.Next(1, 4); change > 0; change--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            await using var client = await MySqlWireClient.ConnectAsync(proxy.Port);
            await client.ReadGreetingAsync();
            await client.SendAsync(bytes[..random.Next(bytes.Length + 1)]);
            client.Socket.Shutdown(System.Net.Sockets.SocketShutdown.Send);
            await client.ReadToEndAsync();
        }
    }

    /// <summary>Greets, notes the response, and lets everybody in.</summary>
    private static FakeServer Server(TaskCompletionSource<byte[]>? response = null) => new(async stream =>
    {
        await stream.WriteAsync(MySqlMessage.Framed((FakeServer.Greeting with { Plugin = "mysql_native_password" }).ToPayload()));
        var packet = await FakeServer.ReadAsync(stream);
        response?.SetResult(packet.Payload);
        await stream.WriteAsync(MySqlMessage.Framed(MySqlMessage.Ok(), (byte)(packet.Sequence + 1)));
        await FakeServer.ReadToEndAsync(stream);
    });

    private LoginProxy Proxy(FakeServer server, TlsMode tls) =>
        new(TestListener.Options(server.EndPoint, tls, tls == TlsMode.Off ? null : _certificates.Server));

    private sealed class Full : ILoginAdmission
    {
        public FatalError? AdmitConnection() => new(ErrorCodes.TooManyConnections, "08004", "Too many connections");

        public FatalError? AdmitUser(ClientIdentity identity) => null;
    }

    private sealed class Nobody : ILoginAdmission
    {
        public FatalError? AdmitConnection() => null;

        public FatalError? AdmitUser(ClientIdentity identity) => new(ErrorCodes.UserLimitReached, "42000", $"User '{identity.User}' has exceeded the 'max_user_connections' resource");
    }
}
