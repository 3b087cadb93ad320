using System.Security.Cryptography;
using System.Text;

namespace WireGuardian.Postgres.Authentication;

/// <summary>The calculations of SCRAM-SHA-256 (RFC 5802, section 3) that need no password.</summary>
internal static class ScramKeys
{
    /// <summary>Bytes of every key, proof and signature.</summary>
    public const int Length = SHA256.HashSizeInBytes;

    public static byte[] Sign(ReadOnlySpan<byte> key, string authMessage) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(authMessage));

    public static byte[] Xor(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        var result = new byte[left.Length];
        for (var i = 0; i < result.Length; i++)
            result[i] = (byte)(left[i] ^ right[i]);
        return result;
    }

    /// <summary>18 random bytes, as the server makes them.</summary>
    public static string NewNonce() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(18));
}
