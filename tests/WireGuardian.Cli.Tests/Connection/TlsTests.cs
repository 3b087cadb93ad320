using System.Security.Cryptography.X509Certificates;
using WireGuardian.Cli.Tests.Commands;
using WireGuardian.ControlPlane.Tests.Hosting;
using WireGuardian.Core.Identity;
using WireGuardian.Server.Configuration;
using WireGuardian.Server.Operators;

namespace WireGuardian.Cli.Tests.Connection;

public class TlsTests
{
    [Test]
    public async Task A_client_certificate_stands_in_for_a_token()
    {
        using var server = Certificates.SelfSigned("127.0.0.1");
        using var dana = Certificates.SelfSigned("127.0.0.2");
        Assert.That(CertificateName.TryParse("CN=127.0.0.2", out var name));
        var registry = new OperatorRegistry([new OperatorOptions("dana", [], "") { Certificate = name }], People.None);
        await using var host = await ControlPlaneHost.StartAsync(
            certificate: server, clientAuthorities: [dana], operators: new OperatorVerifier(() => registry, null, TimeProvider.System));
        var folder = Directory.CreateTempSubdirectory("wgctl-tls-").FullName;
        try
        {
            string Path(string file, string pem)
            {
                var path = System.IO.Path.Combine(folder, file);
                File.WriteAllText(path, pem);
                return path;
            }
            var (ca, crt) = (Path("ca.crt", server.ExportCertificatePem()), Path("dana.crt", dana.ExportCertificatePem()));
            var key = Path("dana.key", dana.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
            var run = await Run.WithAsync(new() { ["WGCTL_SERVER"] = host.HostAndPort, ["WGCTL_TOKEN"] = "not-this" }, "info", "--ca", ca, "--certificate", crt, "--key", key);
            Assert.That(run.ExitCode, Is.Zero, run.Error);
            Assert.That(run.Out, Does.Contain("dana"));
            Assert.That((await Run.WithAsync(new() { ["WGCTL_SERVER"] = host.HostAndPort }, "info", "--certificate", crt)).ExitCode, Is.EqualTo(2));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

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
