using WireGuardian.Cli.Tests.Commands;
using WireGuardian.ControlPlane.Tests.Hosting;

namespace WireGuardian.Cli.Tests.Connection;

public class TlsTests
{
    [Test]
    public async Task A_server_with_tls_is_reached_with_the_right_ca_only()
    {
        using var certificate = Certificates.SelfSigned("127.0.0.1");
        using var other = Certificates.SelfSigned("127.0.0.1");
        await using var host = await ControlPlaneHost.StartAsync(certificate: certificate);
        var path = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(path, certificate.ExportCertificatePem());
            Assert.That((await Run.AgainstAsync(host, "info", "--ca", path)).ExitCode, Is.Zero);
            await File.WriteAllTextAsync(path, other.ExportCertificatePem());
            var refused = await Run.AgainstAsync(host, "info", "--ca", path);
            Assert.That(refused.ExitCode, Is.EqualTo(1));
            Assert.That(refused.Error, Does.Contain("TLS failed"));
        }
        finally
        {
            File.Delete(path);
        }
    }
}
