using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace WireGuardian.Testing.Tls;

/// <summary>A certificate authority for one test, in a folder of PEM files that is deleted with it.</summary>
public sealed class Certificates : IDisposable
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(2);

    private readonly string _folder = Directory.CreateTempSubdirectory("wireguardian-certificates-").FullName;
    private readonly X509Certificate2 _authority;
    private readonly Lazy<CertificateFiles> _server;
    private int _count;

    public Certificates()
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=WireGuardian test authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        var now = TimeProvider.System.GetUtcNow();
        _authority = request.CreateSelfSigned(now - Lifetime, now + Lifetime);
        File.WriteAllText(AuthorityPath, _authority.ExportCertificatePem() + "\n");
        _server = new Lazy<CertificateFiles>(() => CreateServer());
    }

    public string AuthorityPath => Path.Combine(_folder, "ca.crt");

    public X509Certificate2 Authority => X509CertificateLoader.LoadCertificate(_authority.RawData);

    /// <summary>For localhost, 127.0.0.1 and ::1, signed with SHA-256.</summary>
    public CertificateFiles Server => _server.Value;

    /// <param name="name">The one name it is valid for; null for localhost and the loopback addresses.</param>
    /// <param name="signatureHash">The hash of the signature, which tls-server-end-point channel binding follows; default SHA-256.</param>
    /// <param name="rsa">RSA instead of ECDSA.</param>
    public CertificateFiles CreateServer(string? name = null, HashAlgorithmName? signatureHash = null, bool rsa = false)
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name ?? "localhost");
        if (name is null)
        {
            names.AddIpAddress(IPAddress.Loopback);
            names.AddIpAddress(IPAddress.IPv6Loopback);
        }

        return Create(name ?? "localhost", names.Build(), "1.3.6.1.5.5.7.3.1", signatureHash ?? HashAlgorithmName.SHA256, rsa);
    }

    /// <summary>A client certificate with <paramref name="user"/> as its common name, as pg_hba's <c>cert</c> wants it.</summary>
    public CertificateFiles CreateClient(string user) => Create(user, null, "1.3.6.1.5.5.7.3.2", HashAlgorithmName.SHA256, rsa: false);

    public void Dispose()
    {
        _authority.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private CertificateFiles Create(string commonName, X509Extension? names, string usage, HashAlgorithmName hash, bool rsa)
    {
        using AsymmetricAlgorithm key = rsa ? RSA.Create(2048) : ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var subject = new X500DistinguishedName($"CN={commonName}");
        var request = key is RSA rsaKey
            ? new CertificateRequest(subject, rsaKey, hash, RSASignaturePadding.Pkcs1)
            : new CertificateRequest(subject, (ECDsa)key, hash);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], false));
        if (names is not null)
            request.CertificateExtensions.Add(names);

        using var signer = _authority.GetECDsaPrivateKey()!;
        using var certificate = request.Create(
            _authority.SubjectName,
            X509SignatureGenerator.CreateForECDsa(signer),
            _authority.NotBefore,
            _authority.NotAfter,
            RandomNumberGenerator.GetBytes(16));
        var path = Path.Combine(_folder, $"{Interlocked.Increment(ref _count)}");
        var files = new CertificateFiles(path + ".crt", path + ".key");
        File.WriteAllText(files.CertificatePath, certificate.ExportCertificatePem() + "\n");
        File.WriteAllText(files.KeyPath, key.ExportPkcs8PrivateKeyPem() + "\n");
        File.SetUnixFileMode(files.KeyPath, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return files;
    }
}
