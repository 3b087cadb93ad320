using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using WireGuardian.Proxy.Tls;

namespace WireGuardian.Proxy.Tests.Tls;

public sealed class ServerEndPointBindingTests
{
    /// <summary>ecdsa-with-SHA1, by openssl; .NET makes none any more.</summary>
    private const string SignedWithSha1 =
        "MIIBczCCARqgAwIBAgIUIytnFuuT0CpLuDxL4kyDyPyBuuUwCQYHKoZIzj0EATAPMQ0wCwYDVQQDDARzaGExMCAXDTI2MTEyMjAz" +
        "MDY0NFoYDzIxMjYxMDI5MDMwNjQ0WjAPMQ0wCwYDVQQDDARzaGExMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEo7yfw4APbV8p" +
        "1Hn1BTAW0zM7C1Gp9iWhMrFWfEKuZixGK/XcXjUr61CviY/2EXB9jAcoCFqWbbaKDW7/AM1E6KNTMFEwHQYDVR0OBBYEFKIn5I30" +
        "8AEQEdb5VUWBBV8ko7C+MB8GA1UdIwQYMBaAFKIn5I308AEQEdb5VUWBBV8ko7C+MA8GA1UdEwEB/wQFMAMBAf8wCQYHKoZIzj0E" +
        "AQNIADBFAiANFHFHdI7PJp3XN01AmW4hJCWgs9w3YxvVWIemIVV3NQIhAKHNLTKOQgW/rxBGsvMj8Pyse1DF6/UM4QRA+YNf6C/F";

    [Test]
    public void A_certificate_signed_with_SHA1_is_hashed_with_SHA256()
    {
        var bytes = Convert.FromBase64String(SignedWithSha1);
        using var certificate = X509CertificateLoader.LoadCertificate(bytes);
        Assert.That(certificate.SignatureAlgorithm.Value, Is.EqualTo("1.2.840.10045.4.1"));
        Assert.That(ServerEndPointBinding.Compute(certificate), Is.EqualTo(SHA256.HashData(bytes)));
    }

    [TestCase("SHA256")]
    [TestCase("SHA384")]
    [TestCase("SHA512")]
    public void The_hash_is_the_one_of_the_certificates_own_signature(string name)
    {
        using var rsa = RSA.Create(2048);
        using var elliptic = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var hash = new HashAlgorithmName(name);
        CertificateRequest[] requests =
        [
            new("CN=pkcs1", rsa, hash, RSASignaturePadding.Pkcs1),
            new("CN=pss", rsa, hash, RSASignaturePadding.Pss),
            new("CN=ecdsa", elliptic, hash),
        ];
        var now = TimeProvider.System.GetUtcNow();
        foreach (var request in requests)
        {
            using var certificate = request.CreateSelfSigned(now, now.AddDays(1));
            Assert.That(
                ServerEndPointBinding.Compute(certificate),
                Is.EqualTo(CryptographicOperations.HashData(hash, certificate.RawData)),
                request.SubjectName.Name);
        }
    }
}
