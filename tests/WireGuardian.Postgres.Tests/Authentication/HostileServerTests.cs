using System.Text;
using WireGuardian.Postgres.Authentication;
using WireGuardian.Postgres.Tests.Startup;
using WireGuardian.Proxy.Limits;
using WireGuardian.Testing.Wire;

namespace WireGuardian.Postgres.Tests.Authentication;

/// <summary>Logins to servers that say what no test server would.</summary>
public sealed class HostileServerTests
{
    private static readonly byte[] Ok = Authentication(0);
    private static readonly byte[] Ready = FrontendMessage.Typed('Z', "I"u8);

    [Test]
    public async Task A_minor_version_that_the_proxy_lacks_is_never_agreed_to()
    {
        var answer = await LogInAsync([Ok, Ready], FrontendMessage.Startup((3 << 16) | 9999, [("user", "a")]));
        Assert.That(Error(answer), Does.Contain("C=0A000").And.Contain("protocol 3.9999"));
    }

    [Test]
    public async Task A_protocol_option_that_the_server_takes_and_the_proxy_does_not_know_is_refused()
    {
        var answer = await LogInAsync(
            [Negotiate(0, "_pq_.named"), Ok, Ready],
            FrontendMessage.Startup(FrontendMessage.Protocol30, [("user", "a"), ("_pq_.named", "1"), ("_pq_.taken", "1")]));
        Assert.That(Error(answer[Negotiate(0, "_pq_.named").Length..]), Does.Contain("C=0A000").And.Contain("protocol option"));
    }

    [Test]
    public async Task NegotiateProtocolVersion_is_relayed_once_naming_every_unknown_option()
    {
        var negotiation = Negotiate(0, "_pq_.x", "_pq_.y");
        var startup = FrontendMessage.Startup((3 << 16) | 9999, [("user", "a"), ("_pq_.x", "1"), ("_pq_.y", "1")]);
        Assert.That(await LogInAsync([negotiation, Ok, Ready], startup), Is.EqualTo((byte[])[.. negotiation, .. Ok, .. Ready]));
        Assert.That(Error((await LogInAsync([negotiation, negotiation, Ok], startup))[negotiation.Length..]), Does.Contain("NegotiateProtocolVersion"));
    }

    [TestCase("SFATAL\0Mno state\0\0")]
    [TestCase("SFATAL\0C28000\0Mno\0\0")]
    [TestCase("\0")]
    [TestCase("no fields at all")]
    public async Task An_ErrorResponse_of_any_shape_is_relayed_without_SQLSTATE_too_and_ends_the_login(string body)
    {
        var error = FrontendMessage.Typed('E', Encoding.ASCII.GetBytes(body));
        Assert.That(await LogInAsync([error]), Is.EqualTo(error));
    }

    [Test]
    public async Task Notices_and_settings_may_come_during_authentication()
    {
        var notice = FrontendMessage.Typed('N', "SWARNING\0Mold password\0\0"u8);
        var setting = FrontendMessage.Typed('S', "is_superuser\0off\0"u8);
        Assert.That(await LogInAsync([notice, setting, Ok, Ready]), Is.EqualTo((byte[])[.. notice, .. setting, .. Ok, .. Ready]));
    }

    [Test]
    public async Task If_the_server_sends_no_BackendKeyData_the_client_gets_none() =>
        Assert.That(await LogInAsync([Ok, Ready]), Is.EqualTo((byte[])[.. Ok, .. Ready]));

    [Test]
    public async Task What_the_server_sends_right_after_AuthenticationOk_is_handed_over()
    {
        byte[] rest = [.. FrontendMessage.Typed('S', "TimeZone\0UTC\0"u8), .. FrontendMessage.Typed('K', new byte[8]), .. Ready];
        await using var server = Serving([[.. Ok, .. rest]]);
        await using var proxy = new LoginProxy(TestListener.Options(server.EndPoint));
        await using var client = await WireClient.ConnectAsync(proxy.Port);
        await client.SendAsync(FrontendMessage.Startup(FrontendMessage.Protocol30, [("user", "a")]));
        await client.ReadUntilAsync('Z');
        Assert.That(proxy.Outcomes.OfType<LoginOutcome.LoggedIn>().Single().ServerLeftover, Is.EqualTo(rest));
    }

    [TestCase('R', -1)]
    [TestCase('R', 3)]
    [TestCase('R', 7)]
    [TestCase('R', int.MaxValue)]
    [TestCase('E', 70_000)]
    [TestCase('S', 1 << 29)]
    [TestCase('E', 0x636F756C)] // An error of an old server: "Ecould not fork …", without a length.
    public async Task A_hostile_length_from_the_server_ends_the_login_with_a_clear_error(char type, int length)
    {
        var answer = await LogInAsync([FrontendMessage.Framed(type, length, [])]);
        Assert.That(Error(answer), Does.Contain("S=FATAL").And.Contain("C=08006"));
    }

    [TestCase('D')]
    [TestCase('Z')]
    [TestCase('K')]
    public async Task A_message_that_has_no_place_in_a_login_ends_it(char type)
    {
        var body = type switch { 'Z' => "I"u8.ToArray(), 'K' => new byte[8], _ => new byte[2] };
        Assert.That(Error(await LogInAsync([FrontendMessage.Typed(type, body)])), Does.Contain("C=08006"));
    }

    [Test]
    public async Task An_authentication_that_nobody_knows_ends_the_login() =>
        Assert.That(Error(await LogInAsync([Authentication(2)])), Does.Contain("C=08006").And.Contain("not known"));

    [Test]
    public async Task A_server_that_leaves_during_the_login_is_a_clear_error() =>
        Assert.That(Error(await LogInAsync([])), Does.Contain("C=08006").And.Contain("closed the connection"));

    [Test]
    public async Task A_client_that_sends_anything_but_its_password_is_refused()
    {
        var answer = await LogInAsync([Authentication(3), null, Ok], null, FrontendMessage.Query("select 1"));
        Assert.That(Error(answer[Authentication(3).Length..]), Does.Contain("C=08P01").And.Contain("expected password response"));
    }

    [Test]
    public async Task A_password_longer_than_the_server_takes_is_refused()
    {
        var answer = await LogInAsync([Authentication(3), null, Ok], null, FrontendMessage.Framed('p', 65_536, []));
        Assert.That(Error(answer[Authentication(3).Length..]), Does.Contain("C=08P01"));
    }

    [Test]
    public async Task GSSAPI_tokens_are_relayed_whoever_speaks_next()
    {
        var token = FrontendMessage.Typed('p', "token"u8);
        byte[] gss = Authentication(7), more = Authentication(8, 1, 2, 3);
        Assert.That(
            await LogInAsync([gss, null, more, Ok, Ready], null, token),
            Is.EqualTo((byte[])[.. gss, .. more, .. Ok, .. Ready]), "the server is satisfied");
        Assert.That(
            await LogInAsync([gss, null, more, null, Ok, Ready], null, token, token),
            Is.EqualTo((byte[])[.. gss, .. more, .. Ok, .. Ready]), "the client has another token");
    }

    [Test]
    public async Task A_login_has_a_time_limit()
    {
        await using var server = new FakeServer(async stream => await stream.CopyToAsync(Stream.Null));
        var limits = new LimitOptions { LoginTimeout = TimeSpan.FromMilliseconds(100) };
        await using var proxy = new LoginProxy(TestListener.Options(server.EndPoint, limits: limits));
        await using var client = await WireClient.ConnectAsync(proxy.Port);
        await client.SendAsync(FrontendMessage.Startup(FrontendMessage.Protocol30, [("user", "a")]));
        Assert.That((await client.ReadFrameAsync()).SqlState, Is.EqualTo("57014"));
        Assert.That(await client.ReadToEndAsync(), Is.Empty);
        await using var half = await WireClient.ConnectAsync(proxy.Port);
        Assert.That(await half.ReadToEndAsync(), Is.Empty, "a connection that says nothing is closed too");
    }

    [Test]
    public async Task Any_bytes_from_the_server_end_the_login_or_make_a_session()
    {
        var random = new Random(11);
        for (var round = 0; round < 100; round++)
        {
            var bytes = new byte[random.Next(1, 40)];
            random.NextBytes(bytes);
            if (round % 2 == 0)
                bytes = [(byte)"RESNv"[random.Next(5)], 0, 0, 0, (byte)random.Next(4, 20), .. bytes];
            await using var server = Serving([bytes]);
            var proxy = new LoginProxy(TestListener.Options(server.EndPoint));
            await using (proxy)
            {
                await using var client = await WireClient.ConnectAsync(proxy.Port);
                await client.SendAsync([.. FrontendMessage.Startup(FrontendMessage.Protocol30, [("user", "a")]), .. FrontendMessage.Password("x")]);
                await client.ReadToEndAsync();
            }
            Assert.That(proxy.Outcomes, Has.Count.EqualTo(1));
        }
    }

    private static async Task<byte[]> LogInAsync(IReadOnlyList<byte[]?> script, byte[]? startup = null, params byte[][] responses)
    {
        await using var server = Serving(script);
        await using var proxy = new LoginProxy(TestListener.Options(server.EndPoint));
        await using var client = await WireClient.ConnectAsync(proxy.Port);
        startup ??= FrontendMessage.Startup(FrontendMessage.Protocol30, [("user", "a")]);
        await client.SendAsync([.. startup, .. responses.SelectMany(response => response)]);
        return await client.ReadToEndAsync();
    }

    /// <summary>Sends each part after the start-up packet; null stands for waiting for a message of the client's.</summary>
    private static FakeServer Serving(IReadOnlyList<byte[]?> script) => new(async stream =>
    {
        await FakeServer.ReadPacketAsync(stream);
        foreach (var part in script)
        {
            if (part is null)
                await FakeServer.ReadMessageAsync(stream);
            else
                await stream.WriteAsync(part);
        }
    });

    private static byte[] Authentication(int code, params byte[] data) => FrontendMessage.Typed('R', [0, 0, 0, (byte)code, .. data]);

    private static byte[] Negotiate(byte minor, params string[] options) => FrontendMessage.Typed(
        'v', [0, 3, 0, minor, 0, 0, 0, (byte)options.Length, .. options.SelectMany(option => (byte[])[.. Encoding.ASCII.GetBytes(option), 0])]);

    private static string Error(byte[] bytes) => bytes.Length < 5 ? "nothing" : new WireFrame((char)bytes[0], bytes[5..]).ToString();
}
