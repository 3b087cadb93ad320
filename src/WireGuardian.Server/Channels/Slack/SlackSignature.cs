using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace WireGuardian.Server.Channels.Slack;

/// <summary>Slack's signature of requests, version 0: <c>v0=</c> and hex of HMAC-SHA-256 over <c>v0:timestamp:body</c>, good for five minutes.</summary>
internal static class SlackSignature
{
    public const string Header = "X-Slack-Signature";
    public const string TimestampHeader = "X-Slack-Request-Timestamp";
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(5);

    /// <summary>True only for a signature by this secret over this body, whose time is near <paramref name="now"/>.</summary>
    public static bool IsGood(string secret, string timestamp, string signature, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        // The digits are looked at first, but the answer is the same whatever is wrong.
        return long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            && Math.Abs(now.ToUnixTimeSeconds() - seconds) <= (long)Window.TotalSeconds
            && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Of(secret, timestamp, body)), Encoding.UTF8.GetBytes(signature));
    }

    public static string Of(string secret, string timestamp, ReadOnlySpan<byte> body)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret));
        hmac.AppendData(Encoding.UTF8.GetBytes($"v0:{timestamp}:"));
        hmac.AppendData(body);
        return $"v0={Convert.ToHexStringLower(hmac.GetHashAndReset())}";
    }
}
