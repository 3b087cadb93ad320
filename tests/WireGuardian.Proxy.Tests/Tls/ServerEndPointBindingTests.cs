using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using WireGuardian.Proxy.Tls;

namespace WireGuardian.Proxy.Tests.Tls;

public sealed class ServerEndPointBindingTests
{
    [TestCase("SHA1", "SHA256")]
    [TestCase("SHA256", "SHA256")]
    [TestCase("SHA384", "SHA384")]
    [TestCase("SHA512", "SHA512")]
    public void The_hash_is_the_one_of_the_certificates_signature_and_SHA256_in_place_of_weaker_ones(string signature, string expected)
    {
        using var rsa = RSA.Create(2048);
        using var elliptic = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var hash = new HashAlgorithmName(signature);
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
                Is.EqualTo(CryptographicOperations.HashData(new HashAlgorithmName(expected), certificate.RawData)),
                request.SubjectName.Name);
        }
    }
}
