using System.Security.Cryptography;

namespace WireGuardian.Core.Audit.Evidence;

/// <summary>The public half of an <see cref="AuditSigningKey"/>: what an auditor keeps. Safe for several threads.</summary>
public sealed class AuditPublicKey
{
    private const string P256 = "1.2.840.10045.3.1.7";

    private readonly byte[] _subjectPublicKeyInfo;

    private AuditPublicKey(byte[] subjectPublicKeyInfo)
    {
        _subjectPublicKeyInfo = subjectPublicKeyInfo;
        Id = Convert.ToHexStringLower(SHA256.HashData(subjectPublicKeyInfo));
    }

    /// <summary>The key's fingerprint: SHA-256 (hex) of its SubjectPublicKeyInfo in DER.</summary>
    public string Id { get; }

    /// <summary><c>BEGIN PUBLIC KEY</c>.</summary>
    public string Pem => PemEncoding.WriteString("PUBLIC KEY", _subjectPublicKeyInfo) + "\n";

    /// <summary>Reads <c>BEGIN PUBLIC KEY</c>. Throws <see cref="FormatException"/> for anything but a public key on P-256.</summary>
    public static AuditPublicKey FromPem(string pem)
    {
        try
        {
            using var key = ECDsa.Create();
            key.ImportFromPem(pem);
            return IsP256(key) ? Of(key) : throw new FormatException("Expected a public key on the curve P-256.");
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            throw new FormatException("Expected a public key on the curve P-256 in PEM.", exception);
        }
    }

    /// <summary>True when <paramref name="signature"/> (DER) is this key's over <paramref name="bytes"/>.</summary>
    public bool Verify(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> signature)
    {
        using var key = ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(_subjectPublicKeyInfo, out _);
        try
        {
            return key.VerifyData(bytes, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        }
        catch (CryptographicException)
        {
            // Bytes that are no signature at all.
            return false;
        }
    }

    internal static AuditPublicKey Of(ECDsa key) => new(key.ExportSubjectPublicKeyInfo());

    internal static bool IsP256(ECDsa key) => key.ExportParameters(includePrivateParameters: false).Curve.Oid.Value == P256;
}
