using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace WireGuardian.Cli.Connection;

/// <summary>Reads the certificates of <c>--ca</c>.</summary>
internal static class TrustedRoots
{
    public static X509Certificate2Collection Read(string path)
    {
        var roots = new X509Certificate2Collection();
        try
        {
            roots.ImportFromPemFile(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new UsageException($"Cannot read the certificates of '{path}': {e.Message}");
        }

        return roots.Count > 0 ? roots : throw new UsageException($"There is no certificate in '{path}': --ca takes a PEM file.");
    }
}
