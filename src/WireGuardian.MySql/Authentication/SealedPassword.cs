using System.Security.Cryptography;
using System.Text;
using WireGuardian.Proxy;

namespace WireGuardian.MySql.Authentication;

/// <summary>A password on a connection in clear: mixed with the nonce, then under the server's RSA key with OAEP, as both SHA-2 plugins have it.</summary>
public static class SealedPassword
{
    public static RSAEncryptionPadding Padding => RSAEncryptionPadding.OaepSHA1;

    /// <param name="password">With its NUL.</param>
    /// <param name="nonce">The scramble in force, 20 bytes.</param>
    /// <param name="publicKey">The server's, PEM.</param>
    public static byte[] Create(ReadOnlySpan<byte> password, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> publicKey)
    {
        var mixed = password.ToArray();
        Mix(mixed, nonce);
        try
        {
            using var key = RSA.Create();
            key.ImportFromPem(Encoding.ASCII.GetString(publicKey));
            return key.Encrypt(mixed, Padding);
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            throw new ProtocolException(ProtocolFault.Server, "the database server sent no RSA key that the password fits under", exception);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(mixed);
        }
    }

    /// <summary>Does and undoes the mixing.</summary>
    internal static void Mix(Span<byte> password, ReadOnlySpan<byte> nonce)
    {
        for (var i = 0; i < password.Length; i++)
            password[i] ^= nonce[i % nonce.Length];
    }
}
