using System.Security.Cryptography;

namespace WireGuardian.Core.Audit.Evidence;

/// <summary>
/// The private key that signs receipts and checkpoints: ECDSA on P-256 with SHA-256, signatures in DER, as <c>openssl dgst -sha256 -verify</c> takes them.
/// Safe for several threads.
/// </summary>
public sealed class AuditSigningKey : IDisposable
{
    private readonly Lock _lock = new();
    private readonly ECDsa _key;

    private AuditSigningKey(ECDsa key)
    {
        _key = key;
        Public = AuditPublicKey.Of(key);
    }

    /// <summary>Its public half, for those who verify.</summary>
    public AuditPublicKey Public { get; }

    /// <summary>A new key.</summary>
    public static AuditSigningKey Create() => new(ECDsa.Create(ECCurve.NamedCurves.nistP256));

    /// <summary>Reads <c>BEGIN PRIVATE KEY</c> or <c>BEGIN EC PRIVATE KEY</c>. Throws <see cref="FormatException"/> for anything but a private key on P-256.</summary>
    public static AuditSigningKey FromPem(string pem)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
            if (!AuditPublicKey.IsP256(key) || key.ExportParameters(includePrivateParameters: true).D is null)
                throw new FormatException("Expected a private key on the curve P-256.");
            return new AuditSigningKey(key);
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException or FormatException)
        {
            key.Dispose();
            throw exception as FormatException ?? new FormatException("Expected a private key on the curve P-256 in PEM.", exception);
        }
    }

    /// <summary>The private key as <c>BEGIN PRIVATE KEY</c>.</summary>
    public string ToPem() => _key.ExportPkcs8PrivateKeyPem() + "\n";

    /// <summary>The signature over <paramref name="bytes"/>, in DER.</summary>
    public byte[] Sign(ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
            return _key.SignData(bytes, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
    }

    public void Dispose() => _key.Dispose();
}
