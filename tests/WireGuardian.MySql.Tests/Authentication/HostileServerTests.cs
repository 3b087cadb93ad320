using System.Net.Sockets;
using WireGuardian.MySql.Authentication;
using WireGuardian.MySql.Tests.Startup;
using WireGuardian.Proxy;
using WireGuardian.Proxy.Limits;
using WireGuardian.Proxy.Tls;
using WireGuardian.Testing.MySql;
using WireGuardian.Testing.Time;

namespace WireGuardian.MySql.Tests.Authentication;

/// <summary>Logins to servers that say what no test server would.</summary>
public sealed class HostileServerTests
{
    private static readonly MySqlLogin Login = new(new MySqlAccount("a", "secret", ""));

    /// <summary>Checklist: an ERR before the upstream's TLS is not believed.</summary>
    [TestCase(TlsMode.Require)]
    [TestCase(TlsMode.VerifyFull)]
    public async Task An_ERR_before_the_upstreams_TLS_is_not_believed(TlsMode mode)
    {
        var first = await FirstAsync(stream => SendAsync(stream, 0, MySqlMessage.Error(1045, "28000", "call 555-0100 to unlock your account")), mode);
        Assert.That(first.ErrorCode, Is.EqualTo(1429));
        Assert.That(first.ErrorMessage, Does.Not.Contain("555").And.Contain("before TLS"));
    }

    [TestCase(TlsMode.Off)]
    [TestCase(TlsMode.Prefer)]
    public async Task An_ERR_instead_of_a_greeting_reaches_the_client_where_TLS_is_not_demanded(TlsMode mode)
    {
        var first = await FirstAsync(stream => SendAsync(stream, 0, MySqlMessage.Error(1130, "", "Host '10.0.0.1' is not allowed to connect")), mode);
        Assert.That((first.Sequence, first.ErrorCode, first.ErrorMessage), Is.EqualTo(((byte)0, 1130, "Host '10.0.0.1' is not allowed to connect")));
    }

    [Test]
    public async Task A_server_without_TLS_is_refused_where_TLS_is_demanded([Values(TlsMode.Require, TlsMode.VerifyFull)] TlsMode mode)
    {
        var received = new TaskCompletionSource<byte[]>();
        await using var server = new FakeServer(async stream =>
        {
            await SendAsync(stream, 0, (FakeServer.Greeting with { Capabilities = ~MySqlCapabilities.Ssl }).ToPayload());
            received.SetResult(await FakeServer.ReadToEndAsync(stream));
        });
        await using var proxy = Proxy(server, mode);
        await using var client = await MySqlWireClient.ConnectAsync(proxy.Port);
        var refusal = await client.TryLogInAsync(Login);
        Assert.That((refusal.ErrorCode, refusal.Sequence), Is.EqualTo((1429, (byte)2)));
        Assert.That(await received.Task, Is.Empty, "the server was told nothing of the user");
    }

    [Test]
    public async Task Data_after_the_greeting_is_not_taken_for_what_comes_under_tls()
    {
        await using var server = new FakeServer(async stream =>
        {
            await stream.WriteAsync((byte[])[.. MySqlMessage.Framed(FakeServer.Greeting.ToPayload()), .. MySqlMessage.Framed(MySqlMessage.Ok(), 2)]);
            await FakeServer.ReadToEndAsync(stream);
        });
        await using var proxy = Proxy(server, TlsMode.Require);
        await using var client = await MySqlWireClient.ConnectAsync(proxy.Port);
        Assert.That((await client.TryLogInAsync(Login)).ErrorCode, Is.EqualTo(1429));
    }

    [TestCase("FFFFFF00", Description = "16 MB")]
    [TestCase("01000007", Description = "a sequence number from nowhere")]
    [TestCase("0100000009", Description = "protocol 9")]
    [TestCase("030000000A3100", Description = "cut short")]
    [TestCase("00000000", Description = "empty")]
    [TestCase("")]
    public async Task What_is_no_greeting_ends_the_login_with_a_clear_error(string hex)
    {
        var first = await FirstAsync(async stream => await stream.WriteAsync(Convert.FromHexString(hex)), TlsMode.Off);
        Assert.That((first.ErrorCode, first.Sequence), Is.EqualTo((1429, (byte)0)));
    }

    [Test]
    public async Task A_server_that_never_answers_is_given_up()
    {
        var time = new FakeTime();
        var connected = new TaskCompletionSource();
        await using var server = new FakeServer(stream =>
        {
            connected.SetResult();
            return FakeServer.ReadToEndAsync(stream);
        });
        await using var proxy = new LoginProxy(TestListener.Options(server.EndPoint), time: time);
        await using var client = await MySqlWireClient.ConnectAsync(proxy.Port);
        await connected.Task;
        time.Advance(TimeSpan.FromSeconds(11));
        var first = client.ReadPacketAsync();
        Assert.That((await first).ErrorMessage, Does.Contain("did not answer in time"));
    }

    [Test]
    public async Task A_server_that_cannot_be_reached_is_a_clear_error()
    {
        await using var proxy = new LoginProxy(TestListener.Options());
        await using var client = await MySqlWireClient.ConnectAsync(proxy.Port);
        Assert.That((await client.ReadGreetingAsync()).ErrorMessage, Does.Contain("cannot be reached"));
        Assert.That(await client.ReadToEndAsync(), Is.Empty);
    }

    [TestCase("FFFFFF02", Description = "16 MB")]
    [TestCase("0700000900000002000000", Description = "OK out of order")]
    [TestCase("0100000207", Description = "a packet that has no place")]
    [TestCase("0300000200FCFF", Description = "an OK packet cut short")]
    [TestCase("", Description = "it leaves")]
    public async Task What_is_no_answer_to_a_login_ends_it_with_a_clear_error(string hex)
    {
        await using var server = new FakeServer(async stream =>
        {
            await SendAsync(stream, 0, FakeServer.Greeting.ToPayload());
            await FakeServer.ReadAsync(stream);
            await stream.WriteAsync(Convert.FromHexString(hex));
        });
        await using var proxy = Proxy(server, TlsMode.Off);
        await using var client = await MySqlWireClient.ConnectAsync(proxy.Port);
        var refusal = await client.TryLogInAsync(Login);
        Assert.That((refusal.ErrorCode, refusal.SqlState, refusal.Sequence), Is.EqualTo((1429, "HY000", (byte)2)));
        Assert.That(await client.ReadToEndAsync(), Is.Empty);
        Assert.That(await proxy.First, Is.InstanceOf<LoginOutcome.Closed>().With.Property("Fault").EqualTo(ProtocolFault.Server));
    }

    /// <summary>Checklist: capabilities agreed the same on both legs.</summary>
    [Test]
    public async Task Both_legs_agree_on_the_same_capabilities_whatever_the_server_offers_and_the_client_asks_for()
    {
        byte[] seen = [];
        await using var server = new FakeServer(async stream =>
        {
            await SendAsync(stream, 0, (FakeServer.Greeting with { Capabilities = ~MySqlCapabilities.LongPassword, MariaDbCapabilities = 0xFF }).ToPayload());
            seen = (await FakeServer.ReadAsync(stream)).Payload;
            await SendAsync(stream, 2, MySqlMessage.Ok());
            await FakeServer.ReadToEndAsync(stream);
        });
        await using var proxy = Proxy(server, TlsMode.Off);
        await using var client = await MySqlWireClient.ConnectAsync(proxy.Port);
        await client.ReadGreetingAsync();
        Assert.That(client.Greeting!.MariaDbCapabilities, Is.Zero);
        const uint Forbidden = MySqlCapabilities.Zstd | MySqlCapabilities.OptionalMetadata | MySqlCapabilities.MultiFactor
            | MySqlCapabilities.LocalFiles | 1u << 29 | 1u << 30 | 1u << 31;
        Assert.That(client.Greeting.Capabilities & Forbidden, Is.Zero);
        // It asks for everything all the same.
        const uint All = ~(MySqlCapabilities.Ssl | MySqlCapabilities.LongPassword);
        await client.SendPacketAsync(MySqlMessage.Response(All, "a", new byte[20], "d", "mysql_native_password", mariaDbCapabilities: 0xFF));
        Assert.That((await client.ReadPacketAsync()).IsOk);
        var sent = MySqlGreetingCapabilities(seen);
        Assert.That(sent, Is.EqualTo(All & client.Greeting.Capabilities & ~MySqlCapabilities.Compress));
        Assert.That(seen[28..32], Is.All.Zero, "MariaDB's extended bits");
        Assert.That((uint)(ulong)(await proxy.LoginAsync()).Capabilities, Is.EqualTo(sent));
    }

    private static uint MySqlGreetingCapabilities(byte[] response) => BitConverter.ToUInt32(response);

    private static async Task<MySqlPacket> FirstAsync(Func<NetworkStream, Task> serve, TlsMode mode)
    {
        await using var server = new FakeServer(serve);
        await using var proxy = Proxy(server, mode);
        await using var client = await MySqlWireClient.ConnectAsync(proxy.Port);
        var first = await client.ReadPacketAsync();
        Assert.That(await client.ReadToEndAsync(), Is.Empty);
        return first;
    }

    private static LoginProxy Proxy(FakeServer server, TlsMode mode) =>
        new(TestListener.Options(server.EndPoint, upstreamTls: new UpstreamTlsOptions(mode), limits: new LimitOptions()));

    private static async Task SendAsync(NetworkStream stream, byte sequence, byte[] payload) => await stream.WriteAsync(MySqlMessage.Framed(payload, sequence));
}
