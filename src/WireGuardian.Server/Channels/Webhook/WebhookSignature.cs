using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace WireGuardian.Server.Channels.Webhook;

/// <summary>The signature of Standard Webhooks: <c>v1,</c> and base64 of HMAC-SHA-256 over <c>id.timestamp.body</c>.</summary>
internal static class WebhookSignature
{
    public const string Prefix = "whsec_";
    public const int ShortestKey = 24;

    /// <summary>The key that a secret stands for: base64 after <c>whsec_</c>, else its own bytes; null for base64 that is none.</summary>
    public static byte[]? KeyOf(string secret)
    {
        if (!secret.StartsWith(Prefix, StringComparison.Ordinal))
            return Encoding.UTF8.GetBytes(secret);
        var key = new byte[secret.Length];
        return Convert.TryFromBase64String(secret[Prefix.Length..], key, out var length) ? key[..length] : null;
    }

    /// <param name="timestamp">Unix seconds.</param>
    public static string Of(byte[] key, string id, long timestamp, ReadOnlySpan<byte> body)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        hmac.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{timestamp}.")));
        hmac.AppendData(body);
        return $"v1,{Convert.ToBase64String(hmac.GetHashAndReset())}";
    }
}
