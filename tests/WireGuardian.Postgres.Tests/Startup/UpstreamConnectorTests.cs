using System.Net;
using System.Net.Security;
using WireGuardian.Postgres.Startup;
using WireGuardian.Proxy.Limits;
using WireGuardian.Proxy.Tls;
using WireGuardian.Testing.Tls;

namespace WireGuardian.Postgres.Tests.Startup;

public sealed class UpstreamConnectorTests
{
    private readonly Certificates _certificates = new();

    [OneTimeTearDown]
    public void DeleteCertificates() => _certificates.Dispose();

    [TestCase(TlsMode.Prefer)]
    [TestCase(TlsMode.Require)]
    public async Task Bytes_that_follow_the_servers_answer_in_clear_before_the_handshake_end_the_connection(TlsMode mode)
    {
        foreach (var answer in (string[])["SE", "N\0", "Sinjected"])
        {
            var error = await RefusedAsync(mode, answer);
            Assert.That(error.Message, Does.Contain("unencrypted data"));
        }
    }

    [TestCase(TlsMode.Prefer)]
    [TestCase(TlsMode.Require)]
    [TestCase(TlsMode.VerifyFull)]
    public async Task An_error_of_the_server_before_TLS_is_not_passed_on(TlsMode mode)
    {
        var error = await RefusedAsync(mode, "E\0\0\0\u0010SFATAL\0Mevil\0\0");
        Assert.That(error.ToString(), Does.Contain("no valid answer").And.Not.Contain("evil"));
    }

    [TestCase(TlsMode.Require)]
    [TestCase(TlsMode.VerifyFull)]
    public async Task A_server_without_TLS_is_refused_where_TLS_is_asked_for(TlsMode mode) =>
        Assert.That((await RefusedAsync(mode, "N")).Message, Does.Contain("does not do TLS"));

    [Test]
    public async Task A_server_without_TLS_is_used_in_clear_where_TLS_is_preferred()
    {
        await using var server = Answering("N");
        await using var leg = await Connector(server.EndPoint, TlsMode.Prefer).ConnectAsync(CancellationToken.None);
        Assert.That(leg.Tls, Is.Null);
    }

    [Test]
    public async Task Any_answer_gives_a_leg_or_a_clear_error()
    {
        for (var first = 0; first < 256; first += 5)
        {
            if (first is 'S' or 'N')
                continue;
            Assert.That((await RefusedAsync(TlsMode.Prefer, $"{(char)first}")).SqlState, Is.EqualTo("08001"));
        }
        Assert.That((await RefusedAsync(TlsMode.Prefer, "")).Message, Does.Contain("closed the connection"));
    }

    [TestCase(TlsMode.Prefer, false, "other", true)]
    [TestCase(TlsMode.Require, false, "other", true)]
    [TestCase(TlsMode.Require, true, "own", true)]
    [TestCase(TlsMode.Require, true, "name", true)]
    [TestCase(TlsMode.Require, true, "other", false)]
    [TestCase(TlsMode.VerifyFull, true, "own", true)]
    [TestCase(TlsMode.VerifyFull, true, "name", false)]
    [TestCase(TlsMode.VerifyFull, true, "other", false)]
    [TestCase(TlsMode.VerifyFull, false, "own", false)]
    public async Task The_certificate_is_checked_as_the_mode_and_a_given_CA_want(TlsMode mode, bool ca, string shown, bool accepted)
    {
        using var foreign = new Certificates();
        var certificate = shown switch
        {
            "own" => _certificates.Server,
            "name" => _certificates.CreateServer("elsewhere.example"),
            _ => foreign.Server,
        };
        await using var server = new FakeServer(async stream =>
        {
            await FakeServer.ReadPacketAsync(stream);
            await stream.WriteAsync("S"u8.ToArray());
            await using var tls = new SslStream(stream);
            try
            {
                using var loaded = certificate.Load();
                await tls.AuthenticateAsServerAsync(loaded);
                await tls.CopyToAsync(Stream.Null);
            }
            catch (System.Security.Authentication.AuthenticationException)
            {
                // The proxy refused the certificate.
            }
        });
        var connector = new UpstreamConnector(
            TestListener.Options(server.EndPoint, upstreamTls: new UpstreamTlsOptions(mode, ca ? [_certificates.Authority] : null)), TimeProvider.System);
        if (accepted)
        {
            await using var leg = await connector.ConnectAsync(CancellationToken.None);
            Assert.That(leg.Tls!.ServerEndPoint, Is.Not.Null);
        }
        else
        {
            Assert.That(
                async () => await connector.ConnectAsync(CancellationToken.None),
                Throws.TypeOf<LoginRefusedException>().With.Message.Contains("certificate"));
        }
    }

    [Test]
    public void A_server_that_is_not_there_is_a_clear_error() =>
        Assert.That(
            async () => await Connector(new DnsEndPoint("127.0.0.1", 1), TlsMode.Off).ConnectAsync(CancellationToken.None),
            Throws.TypeOf<LoginRefusedException>().With.Message.Contains("cannot be reached"));

    [Test]
    public async Task A_server_that_says_nothing_is_left_after_the_connect_timeout()
    {
        await using var server = new FakeServer(async stream => await stream.CopyToAsync(Stream.Null));
        var limits = new LimitOptions { ConnectTimeout = TimeSpan.FromMilliseconds(50) };
        var options = TestListener.Options(server.EndPoint, upstreamTls: new UpstreamTlsOptions(TlsMode.Require), limits: limits);
        Assert.That(
            async () => await new UpstreamConnector(options, TimeProvider.System).ConnectAsync(CancellationToken.None),
            Throws.TypeOf<LoginRefusedException>().With.Message.Contains("in time"));
    }

    private static async Task<FatalError> RefusedAsync(TlsMode mode, string answer)
    {
        await using var server = Answering(answer);
        try
        {
            await using var leg = await Connector(server.EndPoint, mode).ConnectAsync(CancellationToken.None);
            Assert.Fail("the connection was taken");
            throw new InvalidOperationException();
        }
        catch (LoginRefusedException refused)
        {
            return refused.Error;
        }
    }

    private static FakeServer Answering(string answer) => new(async stream =>
    {
        await FakeServer.ReadPacketAsync(stream);
        await stream.WriteAsync(answer.Select(character => (byte)character).ToArray());
        if (answer.Length > 0)
            await stream.CopyToAsync(Stream.Null);
    });

    private static UpstreamConnector Connector(DnsEndPoint endPoint, TlsMode mode) =>
        new(TestListener.Options(endPoint, upstreamTls: new UpstreamTlsOptions(mode)), TimeProvider.System);
}
