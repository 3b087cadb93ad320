using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace WireGuardian.Proxy.Tls;

/// <summary>
/// The <c>tls-server-end-point</c> channel binding of RFC 5929, section 4.1: the certificate hashed with the hash of its own signature,
/// where MD5 and SHA-1 give way to SHA-256.
/// </summary>
public static class ServerEndPointBinding
{
    private const string RsaPss = "1.2.840.113549.1.1.10";

    /// <summary>The hash of <paramref name="certificate"/>; null where its signature algorithm has no single hash (Ed25519).</summary>
    public static byte[]? Compute(X509Certificate2 certificate)
    {
        var algorithm = certificate.SignatureAlgorithm.Value;
        var hash = algorithm == RsaPss ? HashOfPss(certificate.RawDataMemory) : HashOf(algorithm);
        return hash is { } name ? CryptographicOperations.HashData(name, certificate.RawDataMemory.Span) : null;
    }

    private static HashAlgorithmName? HashOf(string? signatureAlgorithm) => signatureAlgorithm switch
    {
        "1.2.840.113549.1.1.4" => HashAlgorithmName.SHA256, // md5WithRSAEncryption
        "1.2.840.113549.1.1.5" => HashAlgorithmName.SHA256, // sha1WithRSAEncryption
        "1.2.840.10045.4.1" => HashAlgorithmName.SHA256, // ecdsa-with-SHA1
        "1.2.840.10040.4.3" => HashAlgorithmName.SHA256, // dsa-with-sha1
        "1.2.840.113549.1.1.11" or "1.2.840.10045.4.3.2" or "2.16.840.1.101.3.4.3.2" => HashAlgorithmName.SHA256,
        "1.2.840.113549.1.1.12" or "1.2.840.10045.4.3.3" => HashAlgorithmName.SHA384,
        "1.2.840.113549.1.1.13" or "1.2.840.10045.4.3.4" => HashAlgorithmName.SHA512,
        _ => null,
    };

    /// <summary>RSASSA-PSS names its hash in the algorithm's parameters (RFC 4055, section 3.1); without any it is SHA-1.</summary>
    private static HashAlgorithmName? HashOfPss(ReadOnlyMemory<byte> certificate)
    {
        try
        {
            var outer = new AsnReader(certificate, AsnEncodingRules.DER).ReadSequence();
            outer.ReadEncodedValue(); // tbsCertificate
            var algorithm = outer.ReadSequence();
            algorithm.ReadObjectIdentifier();
            if (!algorithm.HasData)
                return HashAlgorithmName.SHA256;
            var parameters = algorithm.ReadSequence();
            var hashTag = new Asn1Tag(TagClass.ContextSpecific, 0, isConstructed: true);
            if (!parameters.HasData || parameters.PeekTag() != hashTag)
                return HashAlgorithmName.SHA256;
            return parameters.ReadSequence(hashTag).ReadSequence().ReadObjectIdentifier() switch
            {
                "1.3.14.3.2.26" or "2.16.840.1.101.3.4.2.1" => HashAlgorithmName.SHA256,
                "2.16.840.1.101.3.4.2.2" => HashAlgorithmName.SHA384,
                "2.16.840.1.101.3.4.2.3" => HashAlgorithmName.SHA512,
                _ => null,
            };
        }
        catch (AsnContentException)
        {
            return null;
        }
    }
}
