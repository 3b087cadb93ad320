using System.Security.Cryptography;
using System.Text;

namespace WireGuardian.IntegrationTests.Masking;

/// <summary>Values planted in masked columns, and the disguises in which they could still come out.</summary>
public static class Canaries
{
    private static readonly string[] Planted =
    [
        "canaryssnone", "7391", "canaryssntwo", "8264", "canaryssnvisit", "canaryssnderived", "canarymailone", "canarymailtwo", "quetzal",
        "canaryphoneone", "canaryphonetwo", "canarynoteone", "canarynotetwo", "canaryextraone", "canaryextratwo", "918273", "192837",
    ];

    private static readonly string[] Whole = ["canaryssnone-7391", "canaryssntwo-8264", "canarymailone@quetzal.example", "canarymailtwo@quetzal.example"];

    private static readonly IReadOnlyList<(string Name, string Text)> Disguises =
    [
        .. Planted.SelectMany(value => new[]
        {
            (value, value),
            ($"{value} reversed", Reverse(value)),
            ($"{value} in hex", Convert.ToHexStringLower(Encoding.UTF8.GetBytes(value))),
        }),
        .. Whole.SelectMany(value => new[]
        {
            ($"{value} in base64", Convert.ToBase64String(Encoding.UTF8.GetBytes(value)).TrimEnd('=').ToLowerInvariant()),
            ($"MD5 of {value}", Hex(value, MD5.HashData)),
            ($"SHA-256 of {value}", Hex(value, SHA256.HashData)),
        }),
    ];

    /// <summary>Names of the canaries that show in these bytes, in whatever letter case.</summary>
    public static IReadOnlyList<string> FoundIn(ReadOnlySpan<byte> bytes)
    {
        var text = Encoding.Latin1.GetString(bytes).ToLowerInvariant();
        return [.. Disguises.Where(disguise => text.Contains(disguise.Text, StringComparison.Ordinal)).Select(disguise => disguise.Name)];
    }

    private static string Reverse(string value) => new([.. value.Reverse()]);

    private static string Hex(string value, Func<byte[], byte[]> hash) => Convert.ToHexStringLower(hash(Encoding.UTF8.GetBytes(value)));
}
