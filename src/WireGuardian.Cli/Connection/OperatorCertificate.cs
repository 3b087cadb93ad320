using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace WireGuardian.Cli.Connection;

/// <summary>Reads the client certificate of <c>--certificate</c> and <c>--key</c>.</summary>
internal static class OperatorCertificate
{
    /// <summary>With its private key; null where neither option is given.</summary>
    /// <exception cref="UsageException">One is missing or not usable.</exception>
    public static X509Certificate2? Read(string? certificate, string? key)
    {
        if (certificate is null && key is null)
            return null;
        if (certificate is null || key is null)
            throw new UsageException("--certificate and --key go together.");
        try
        {
            return X509Certificate2.CreateFromPemFile(certificate, key);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new UsageException($"Cannot use the certificate '{certificate}' with the key '{key}': {e.Message}");
        }
    }
}
