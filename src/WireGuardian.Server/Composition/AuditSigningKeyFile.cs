using System.Text;
using WireGuardian.Core.Audit.Evidence;

namespace WireGuardian.Server.Composition;

/// <summary>The key that signs the trail of a server whose configuration names none: made once, and kept in the data directory.</summary>
internal static class AuditSigningKeyFile
{
    private const string FileName = "audit-signing.key";

    /// <exception cref="IOException">The file cannot be read or written, or is not a key.</exception>
    public static AuditSigningKey ReadOrCreate(string directory)
    {
        var pem = Encoding.UTF8.GetString(SecretFile.ReadOrCreate(directory, FileName, NewPem));
        try
        {
            return AuditSigningKey.FromPem(pem);
        }
        catch (FormatException exception)
        {
            throw new IOException($"{Path.Combine(directory, FileName)} is no signing key. {exception.Message}", exception);
        }
    }

    private static byte[] NewPem()
    {
        using var key = AuditSigningKey.Create();
        return Encoding.UTF8.GetBytes(key.ToPem());
    }
}
