namespace WireGuardian.Testing.Tls;

/// <summary>A certificate and its key in PEM files.</summary>
public sealed record CertificateFiles(string CertificatePath, string KeyPath);
