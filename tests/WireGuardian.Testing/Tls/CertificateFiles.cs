using System.Security.Cryptography.X509Certificates;

namespace WireGuardian.Testing.Tls;

/// <summary>A certificate and its key in PEM files.</summary>
public sealed record CertificateFiles(string CertificatePath, string KeyPath)
{
    /// <summary>With its key.</summary>
    public X509Certificate2 Load() => X509Certificate2.CreateFromPemFile(CertificatePath, KeyPath);
}
