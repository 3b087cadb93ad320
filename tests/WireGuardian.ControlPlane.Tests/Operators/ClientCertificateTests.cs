using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using WireGuardian.ControlPlane.Grpc;
using WireGuardian.ControlPlane.Grpc.Client;
using WireGuardian.ControlPlane.Tests.Hosting;
using WireGuardian.ControlPlane.V1;
using WireGuardian.Core.Identity;
using WireGuardian.Server.Configuration;
using WireGuardian.Server.Operators;

namespace WireGuardian.ControlPlane.Tests.Operators;

/// <summary>Client certificates over real TLS.</summary>
public sealed class ClientCertificateTests
{
    private const string ForClients = "1.3.6.1.5.5.7.3.2";
    private const string ForServers = "1.3.6.1.5.5.7.3.1";
    private X509Certificate2 _server = null!;
    private X509Certificate2 _authority = null!;
    private ControlPlaneHost _host = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _server = Certificates.SelfSigned("127.0.0.1");
        _authority = Authority("CN=Operators");
        var registry = new OperatorRegistry(
        [
            new OperatorOptions("dana", ["dba"], "") { Certificate = Name("CN=dana, O=Example") },
            new OperatorOptions("erin", [], "erins-token-0123456789") { Certificate = Name("email:erin@example.com") },
            new OperatorOptions("robot", [], "") { Certificate = Name("uri:spiffe://example.com/robot") },
        ], new People([new Person { Name = "Dana Doe", Operators = ["dana"] }, new Person { Name = "R. Obot", Certificates = ["CN=anything"] }]));
        _host = await ControlPlaneHost.StartAsync(
            certificate: _server, clientAuthorities: [_authority], operators: new OperatorVerifier(() => registry, null, TimeProvider.System));
    }

    [TearDown]
    public async Task StopAsync()
    {
        await _host.DisposeAsync();
        _server.Dispose();
        _authority.Dispose();
    }

    [TestCase("O=Example, CN=nobody", "email", "erin@example.com", "erin", "erin")]
    [TestCase("CN=dana, O=Example", null, null, "dana", "Dana Doe")]
    [TestCase("CN=anything", "uri", "spiffe://example.com/robot", "robot", "R. Obot")]
    public async Task An_operator_is_told_by_subject_or_alternative_name(string subject, string? kind, string? name, string expected, string person)
    {
        using var certificate = Issue(_authority, subject, kind, name);
        Assert.That((await InfoAsync(certificate)).Operator, Is.EqualTo(expected));
        var admission = _host.Audit.Admissions.Single();
        Assert.That(admission.Operator, Is.EqualTo(expected));
        Assert.That(admission.Person, Is.EqualTo(person));
        Assert.That(admission.Detail, Does.StartWith($"by certificate as {certificate.Subject}"));
    }

    [TestCase("CN=dana", null, null)]
    [TestCase("O=Example, CN=dana", null, null)]
    [TestCase("CN=dana, O=Example, OU=Fake", null, null)]
    [TestCase("CN=\"dana, O=Example\"", null, null)]
    [TestCase("CN=mallory", "dns", "erin@example.com")]
    [TestCase("CN=mallory", "email", "ERIN@example.com")]
    public async Task A_name_that_is_only_similar_is_nobodys(string subject, string? kind, string? name)
    {
        using var certificate = Issue(_authority, subject, kind, name);
        await AssertRefusedAsync(certificate, $"client certificate of no operator: {certificate.Subject}");
    }

    [Test]
    public async Task A_certificate_that_names_two_operators_is_neithers()
    {
        using var certificate = Issue(_authority, "CN=dana, O=Example", "email", "erin@example.com");
        await AssertRefusedAsync(certificate, $"client certificate of several operators: {certificate.Subject}");
    }

    [Test]
    public async Task A_certificate_of_another_authority_is_refused_and_recorded_without_its_claim()
    {
        using var other = Authority("CN=Operators");
        using var certificate = Issue(other, "CN=dana, O=Example");
        await AssertRefusedAsync(certificate, "client certificate not trusted");
    }

    [Test]
    public async Task A_certificate_for_servers_or_out_of_date_is_refused()
    {
        using var server = Issue(_authority, "CN=dana, O=Example", usage: ForServers);
        await AssertRefusedAsync(server, "client certificate not trusted");
        using var expired = Issue(_authority, "CN=dana, O=Example", notAfter: TimeProvider.System.GetUtcNow().AddHours(-1));
        await AssertRefusedAsync(expired, "client certificate not trusted");
    }

    [Test]
    public async Task Without_a_certificate_a_token_still_does()
    {
        var client = new ControlPlaneClient(GrpcChannel.ForAddress(
            _host.Address, new GrpcChannelOptions { BearerToken = "erins-token-0123456789", TrustedRoots = [_server] }));
        Assert.That((await client.GetServerInfoAsync(new GetServerInfoRequest(), default)).Operator, Is.EqualTo("erin"));
    }

    [Test]
    public async Task Without_anything_the_call_is_refused() => await AssertRefusedAsync(null, "no operator token");

    private async Task AssertRefusedAsync(X509Certificate2? certificate, string detail)
    {
        var refused = await Assert.ThrowsAsync<RpcException>(() => InfoAsync(certificate));
        Assert.That(refused!.StatusCode, Is.EqualTo(StatusCode.Unauthenticated));
        var record = _host.Audit.Records[^1].Record;
        Assert.That(record.Event, Is.EqualTo("operator-refused"));
        Assert.That(record.Detail, Is.EqualTo(detail));
    }

    private async Task<GetServerInfoResponse> InfoAsync(X509Certificate2? certificate)
    {
        using var channel = GrpcChannel.ForAddress(_host.Address, new GrpcChannelOptions { TrustedRoots = [_server], ClientCertificate = certificate });
        return await new ControlPlaneClient(channel).GetServerInfoAsync(new GetServerInfoRequest(), default);
    }

    private static CertificateName Name(string text) => CertificateName.TryParse(text, out var name) ? name! : throw new ArgumentException(text);

    private static X509Certificate2 Authority(string subject)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-2), now.AddDays(2));
    }

    private static X509Certificate2 Issue(
        X509Certificate2 authority, string subject, string? kind = null, string? name = null, string usage = ForClients, DateTimeOffset? notAfter = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], false));
        if (kind is not null)
        {
            var names = new SubjectAlternativeNameBuilder();
            switch (kind)
            {
                case "email": names.AddEmailAddress(name!); break;
                case "uri": names.AddUri(new Uri(name!)); break;
                default: names.AddDnsName(name!); break;
            }
            request.CertificateExtensions.Add(names.Build());
        }
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.Create(authority, now.AddDays(-1), notAfter ?? now.AddDays(1), RandomNumberGenerator.GetBytes(8));
        return certificate.CopyWithPrivateKey(key);
    }
}
