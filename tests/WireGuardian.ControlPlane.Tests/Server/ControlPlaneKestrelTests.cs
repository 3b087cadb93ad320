using System.Net;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using WireGuardian.ControlPlane.Grpc;
using WireGuardian.ControlPlane.Grpc.Client;
using WireGuardian.ControlPlane.Tests.Hosting;
using WireGuardian.ControlPlane.V1;
using WireGuardian.Server.ControlPlane;

namespace WireGuardian.ControlPlane.Tests.Server;

public class ControlPlaneKestrelTests
{
    [TestCase("0.0.0.0")]
    [TestCase("192.0.2.1")]
    [TestCase("::")]
    public void In_clear_only_loopback_may_listen(string address)
        => Assert.Throws<ArgumentException>(() => new KestrelServerOptions().ListenControlPlane(new IPEndPoint(IPAddress.Parse(address), 7300)));

    [Test]
    public async Task With_tls_a_client_that_trusts_the_certificate_gets_its_answer()
    {
        using var certificate = Certificates.SelfSigned("127.0.0.1");
        await using var host = await ControlPlaneHost.StartAsync(certificate: certificate);
        var info = await Client(host, certificate).GetServerInfoAsync(new GetServerInfoRequest(), default);
        Assert.That(info.Version, Is.EqualTo("1.2.3"));
    }

    [Test]
    public async Task A_certificate_that_is_not_trusted_is_refused()
    {
        using var certificate = Certificates.SelfSigned("127.0.0.1");
        using var other = Certificates.SelfSigned("127.0.0.1");
        await using var host = await ControlPlaneHost.StartAsync(certificate: certificate);
        await AssertTlsFailsAsync(Client(host, other));
        await AssertTlsFailsAsync(Client(host, null));
    }

    [Test]
    public async Task A_trusted_certificate_for_another_name_is_refused()
    {
        using var certificate = Certificates.SelfSigned("192.0.2.1");
        await using var host = await ControlPlaneHost.StartAsync(certificate: certificate);
        await AssertTlsFailsAsync(Client(host, certificate));
    }

    private static ControlPlaneClient Client(ControlPlaneHost host, X509Certificate2? trusted)
        => new(GrpcChannel.ForAddress(host.Address, new GrpcChannelOptions
        {
            BearerToken = FakeOperators.Dana,
            TrustedRoots = trusted is null ? null : [trusted],
        }));

    private static async Task AssertTlsFailsAsync(ControlPlaneClient client)
    {
        var failure = await Assert.ThrowsAsync<RpcException>(() => client.GetServerInfoAsync(new GetServerInfoRequest(), default));
        Assert.That(failure!.StatusCode, Is.EqualTo(StatusCode.Unavailable));
        Assert.That(failure.InnerException!.InnerException, Is.InstanceOf<AuthenticationException>());
    }
}
