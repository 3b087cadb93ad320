using System.Text;
using WireGuardian.Postgres.Startup;
using WireGuardian.Proxy;
using WireGuardian.Proxy.Tls;
using WireGuardian.Testing.Tls;
using WireGuardian.Testing.Wire;

namespace WireGuardian.Postgres.Tests.Startup;

public sealed class ClientStartupTests
{
    private static readonly byte[] Startup = FrontendMessage.Startup(FrontendMessage.Protocol30, [("user", "alice"), ("database", "shop")]);

    private readonly Certificates _certificates = new();

    [OneTimeTearDown]
    public void DeleteCertificates() => _certificates.Dispose();

    [TestCase("SSL,GSS")]
    [TestCase("GSS,SSL")]
    [TestCase("SSL")]
    [TestCase("GSS")]
    [TestCase("")]
    public async Task SSLRequest_and_GSSENCRequest_come_in_either_order_and_are_refused_where_TLS_is_off(string requests)
    {
        var result = await RunAsync(TlsMode.Off, async client =>
        {
            foreach (var request in requests.Split(',', StringSplitOptions.RemoveEmptyEntries))
            {
                await client.SendAsync(request == "SSL" ? FrontendMessage.SslRequest : FrontendMessage.GssEncRequest);
                Assert.That(await client.ReadByteAsync(), Is.EqualTo('N'));
            }
            await client.SendAsync(Startup);
        });
        AssertSession(result, tls: false);
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task An_SSLRequest_is_taken_where_TLS_is_on_before_or_after_a_GSSENCRequest(bool gssFirst)
    {
        var result = await RunAsync(TlsMode.Prefer, async client =>
        {
            if (gssFirst)
            {
                await client.SendAsync(FrontendMessage.GssEncRequest);
                Assert.That(await client.ReadByteAsync(), Is.EqualTo('N'));
            }
            Assert.That(await client.RequestTlsAsync(), Is.EqualTo('S'));
            await client.StartTlsAsync("postgresql", _certificates.Authority);
            await client.SendAsync(Startup);
        });
        AssertSession(result, tls: true);
        Assert.That(((StartupResult.Session)result).Leg.Tls!.ApplicationProtocol, Is.EqualTo("postgresql"));
    }

    [TestCase("SSL")]
    [TestCase("GSS")]
    public async Task Bytes_that_follow_an_encryption_request_in_clear_before_the_answer_end_the_connection(string request)
    {
        var (result, error) = await RefusedAsync(
            TlsMode.Prefer, [.. request == "SSL" ? FrontendMessage.SslRequest : FrontendMessage.GssEncRequest, .. Startup]);
        Assert.That(error, Does.Contain("C=08P01").And.Contain("unencrypted data"));
        Assert.That(result.Fault, Is.EqualTo(ProtocolFault.Client));
    }

    [Test]
    public async Task Each_encryption_request_is_taken_once()
    {
        foreach (var request in (byte[][])[FrontendMessage.SslRequest, FrontendMessage.GssEncRequest])
        {
            var error = "";
            await RunAsync(TlsMode.Off, async client =>
            {
                await client.SendAsync(request);
                await client.ReadByteAsync();
                await client.SendAsync(request);
                error = (await client.ReadFrameAsync()).ToString();
            });
            Assert.That(error, Does.Contain("C=0A000"));
        }
    }

    [Test]
    public async Task An_SSLRequest_inside_TLS_is_an_error()
    {
        var error = "";
        await RunAsync(TlsMode.Prefer, async client =>
        {
            await client.RequestTlsAsync();
            await client.StartTlsAsync();
            await client.SendAsync(FrontendMessage.SslRequest);
            error = (await client.ReadFrameAsync()).ToString();
        });
        Assert.That(error, Does.Contain("C=0A000"));
    }

    [Test]
    public async Task Direct_TLS_with_ALPN_postgresql_is_taken()
    {
        var result = await RunAsync(TlsMode.Prefer, async client =>
        {
            await client.StartTlsAsync("postgresql", _certificates.Authority);
            await client.SendAsync(Startup);
        });
        AssertSession(result, tls: true);
    }

    [TestCase(null)]
    [TestCase("http/1.1")]
    public async Task Direct_TLS_without_ALPN_postgresql_is_closed(string? alpn)
    {
        var result = await RunAsync(TlsMode.Prefer, async client =>
        {
            try
            {
                await client.StartTlsAsync(alpn);
                await client.SendAsync(Startup);
            }
            catch (Exception exception) when (exception is IOException or System.Security.Authentication.AuthenticationException)
            {
                return;
            }
            Assert.That(await client.ReadToEndAsync(), Is.Empty);
        });
        Assert.That(result, Is.TypeOf<StartupResult.Closed>().With.Property("Fault").EqualTo(ProtocolFault.Client));
    }

    [Test]
    public async Task Direct_TLS_is_closed_where_TLS_is_off()
    {
        var result = await RunAsync(TlsMode.Off, async client =>
            Assert.That(async () => await client.StartTlsAsync("postgresql"), Throws.InstanceOf<IOException>()));
        Assert.That(result, Is.TypeOf<StartupResult.Closed>());
    }

    [Test]
    public async Task A_client_in_clear_is_refused_with_a_hint_where_TLS_is_required()
    {
        var (_, error) = await RefusedAsync(TlsMode.Require, Startup);
        Assert.That(error, Does.Contain("S=FATAL").And.Contain("C=28000").And.Contain("H=Connect with sslmode=require"));
    }

    [Test]
    public async Task Partial_and_split_startup_packets_work()
    {
        byte[] packets = Startup;
        foreach (var pieces in ByteSplitter.Cuts(packets))
        {
            var result = await RunAsync(TlsMode.Off, async client =>
            {
                foreach (var piece in pieces)
                    await client.SendAsync(piece);
            });
            AssertSession(result, tls: false);
        }
    }

    [TestCase(int.MinValue)]
    [TestCase(-1)]
    [TestCase(0)]
    [TestCase(7)]
    [TestCase(10_001)]
    [TestCase(int.MaxValue)]
    public async Task A_startup_packet_has_8_to_10000_bytes_and_nothing_of_another_is_waited_for(int length)
    {
        var (_, error) = await RefusedAsync(TlsMode.Off, FrontendMessage.Framed('?', length, [])[1..]);
        Assert.That(error, Does.Contain("C=08P01").And.Contain("invalid length of startup packet"));
    }

    [Test]
    public async Task A_startup_packet_of_10000_bytes_is_taken()
    {
        // Length, version, "user" and "a" with their NULs, "options" with its NUL, the value's NUL, the last NUL.
        var value = new string('x', 10_000 - 8 - 7 - 8 - 1 - 1);
        var packet = FrontendMessage.Startup(FrontendMessage.Protocol30, [("user", "a"), ("options", value)]);
        Assert.That(packet, Has.Length.EqualTo(10_000));
        var result = (StartupResult.Session)await RunAsync(TlsMode.Off, client => client.SendAsync(packet));
        Assert.That(result.Message.Last("options"), Is.EqualTo(value));
        Assert.That(result.Message.Packet.Raw, Is.EqualTo(packet), "kept as it came");
    }

    [TestCase(2 << 16, "2.0")]
    [TestCase(4 << 16, "4.0")]
    [TestCase((1234 << 16) | 9999, "1234.9999")]
    [TestCase(-1, "65535.65535")]
    public async Task An_unsupported_protocol_is_the_servers_to_refuse(int version, string name)
    {
        var packet = FrontendMessage.Startup(version, [("user", "a")]);
        var result = (StartupResult.UnsupportedVersion)await RunAsync(TlsMode.Off, client => client.SendAsync(packet));
        await using (result.Leg)
        {
            Assert.That(result.Packet.Raw, Is.EqualTo(packet));
            Assert.That(result.Error.SqlState, Is.EqualTo("0A000"));
            Assert.That(result.Error.Message, Does.StartWith($"unsupported frontend protocol {name}:"));
        }
    }

    [TestCase(2 << 16)]
    [TestCase(3 << 16)]
    [TestCase(4 << 16)]
    public async Task No_protocol_gets_by_a_listener_that_requires_TLS(int version)
    {
        var (_, error) = await RefusedAsync(TlsMode.Require, FrontendMessage.Startup(version, [("user", "a")]));
        Assert.That(error, Does.Contain("C=28000").And.Contain("only connections with TLS"));
    }

    [TestCase("user\0alice\0")]
    [TestCase("user\0alice\0\0\0")]
    [TestCase("user\0alice\0database\0")]
    [TestCase("user")]
    [TestCase("")]
    public async Task A_malformed_parameter_list_gets_a_clear_error(string parameters)
    {
        var (_, error) = await RefusedAsync(TlsMode.Off, FrontendMessage.Untyped([0, 3, 0, 0, .. Encoding.UTF8.GetBytes(parameters)]));
        Assert.That(error, Does.Contain("C=08P01").And.Contain("invalid startup packet layout"));
    }

    [TestCase("\0")]
    [TestCase("user\0\0\0")]
    [TestCase("database\0x\0\0")]
    public async Task A_missing_user_gets_the_servers_error(string parameters)
    {
        var (_, error) = await RefusedAsync(TlsMode.Off, FrontendMessage.Untyped([0, 3, 0, 0, .. Encoding.UTF8.GetBytes(parameters)]));
        Assert.That(error, Does.Contain("C=28000").And.Contain("no PostgreSQL user name specified in startup packet"));
    }

    [TestCase(4)]
    [TestCase(32)]
    [TestCase(256)]
    public async Task A_cancel_key_has_4_to_256_bytes(int length)
    {
        var key = Enumerable.Range(0, length).Select(i => (byte)i).ToArray();
        var packet = FrontendMessage.CancelRequest(77, key);
        var result = (StartupResult.Cancel)await RunAsync(TlsMode.Off, client => client.SendAsync(packet));
        Assert.That(result.Request.ProcessId, Is.EqualTo(77));
        Assert.That(result.Request.SecretKey, Is.EqualTo(key));
        Assert.That(result.Request.ToPacket(), Is.EqualTo(packet));
        Assert.That(result.Request.ToString(), Is.EqualTo("CancelRequest { ProcessId = 77 }"), "no key in a log");
    }

    [TestCase(0)]
    [TestCase(3)]
    [TestCase(257)]
    public async Task A_cancel_key_of_another_length_is_closed_without_an_answer(int length)
    {
        var result = await RunAsync(TlsMode.Off, async client =>
        {
            await client.SendAsync(FrontendMessage.CancelRequest(77, new byte[length]));
            Assert.That(await client.ReadToEndAsync(), Is.Empty);
        });
        Assert.That(result, Is.TypeOf<StartupResult.Closed>());
    }

    [Test]
    public async Task A_CancelRequest_is_taken_in_TLS_and_in_clear_even_where_TLS_is_required()
    {
        var inClear = await RunAsync(TlsMode.Require, client => client.SendAsync(FrontendMessage.CancelRequest(1, new byte[4])));
        var inTls = await RunAsync(TlsMode.Require, async client =>
        {
            await client.RequestTlsAsync();
            await client.StartTlsAsync();
            await client.SendAsync(FrontendMessage.CancelRequest(1, new byte[4]));
        });
        Assert.That(new[] { inClear, inTls }, Is.All.TypeOf<StartupResult.Cancel>());
    }

    [Test]
    public async Task Bytes_that_a_client_sends_early_after_its_StartupMessage_are_handed_over()
    {
        var result = (StartupResult.Session)await RunAsync(TlsMode.Off, client => client.SendAsync([.. Startup, .. FrontendMessage.Password("x")]));
        await using var leg = result.Leg;
        Assert.That(leg.BeginRelay(), Is.EqualTo(FrontendMessage.Password("x")));
    }

    [Test]
    public async Task A_time_limit_ends_a_half_open_login()
    {
        var (client, accepted) = await SocketPair.ConnectAsync();
        await using (client)
        {
            await client.SendAsync(Startup[..6]);
            using var limit = new CancellationTokenSource();
            var running = new ClientStartup(TestListener.Options(), TimeProvider.System).RunAsync(accepted, limit.Token);
            await limit.CancelAsync();
            Assert.That(async () => await running, Throws.InstanceOf<OperationCanceledException>());
            Assert.That(await client.ReadToEndAsync(), Is.Empty);
        }
    }

    [Test]
    public async Task A_client_that_leaves_at_any_byte_is_just_closed()
    {
        byte[] packets = [.. FrontendMessage.GssEncRequest, .. Startup];
        for (var length = 0; length < Startup.Length; length += 3)
        {
            var result = await RunAsync(TlsMode.Prefer, async client =>
            {
                await client.SendAsync(Startup[..length]);
                client.CloseSending();
                await client.ReadToEndAsync();
            });
            Assert.That(result, Is.TypeOf<StartupResult.Closed>());
        }
    }

    [Test]
    public async Task Any_bytes_end_in_a_result_and_never_in_another_exception()
    {
        var random = new Random(99);
        for (var round = 0; round < 200; round++)
        {
            var bytes = new byte[random.Next(1, 60)];
            random.NextBytes(bytes);
            if (round % 2 == 0)
                bytes = [0, 0, 0, (byte)(bytes.Length + 8), 0, 3, 0, 0, .. bytes];
            var result = await RunAsync(TlsMode.Prefer, async client =>
            {
                await client.SendAsync(bytes);
                client.CloseSending();
            });
            if (result is StartupResult.Session session)
                await session.Leg.DisposeAsync();
            if (result is StartupResult.UnsupportedVersion unsupported)
                await unsupported.Leg.DisposeAsync();
        }
    }

    private static void AssertSession(StartupResult result, bool tls)
    {
        var session = (StartupResult.Session)result;
        Assert.That(session.Message.User, Is.EqualTo("alice"));
        Assert.That(session.Message.Database, Is.EqualTo("shop"));
        Assert.That(session.Leg.Tls is not null, Is.EqualTo(tls));
    }

    private async Task<(StartupResult.Closed Result, string Error)> RefusedAsync(TlsMode mode, byte[] bytes)
    {
        var error = "";
        var result = await RunAsync(mode, async client =>
        {
            await client.SendAsync(bytes);
            error = (await client.ReadFrameAsync()).ToString();
            Assert.That(await client.ReadToEndAsync(), Is.Empty);
        });
        return ((StartupResult.Closed)result, error);
    }

    private async Task<StartupResult> RunAsync(TlsMode mode, Func<WireClient, Task> act)
    {
        var options = TestListener.Options(tls: mode, certificate: mode == TlsMode.Off ? null : _certificates.Server);
        var (client, accepted) = await SocketPair.ConnectAsync();
        await using (client)
        {
            var running = new ClientStartup(options, TimeProvider.System).RunAsync(accepted, CancellationToken.None);
            await act(client);
            return await running.WaitAsync(TimeSpan.FromSeconds(10));
        }
    }
}
