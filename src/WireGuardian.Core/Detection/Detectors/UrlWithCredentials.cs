using System.Buffers;
using WireGuardian.Core.Detection.Scanning;

namespace WireGuardian.Core.Detection.Detectors;

/// <summary>The user information of a URL (RFC 3986, 3.2.1), <c>user:password</c> between <c>://</c> and <c>@</c>. What is found is that alone: the URL stays one.</summary>
internal static class UrlWithCredentials
{
    private static readonly SearchValues<byte> NotInInformation = SearchValues.Create(" \t\r\n/?#\"'<>"u8);

    private const int LongestUserInformation = 256;
    private const int ShortestTokenAlone = 16;

    /// <param name="text">The text.</param>
    /// <param name="at">Where the <c>@</c> is.</param>
    /// <param name="finding">The user information.</param>
    public static bool TryFind(ReadOnlySpan<byte> text, int at, out Finding finding)
    {
        finding = default;
        var earliest = Math.Max(0, at - LongestUserInformation);
        var before = text[earliest..at];
        var slash = before.LastIndexOf((byte)'/');
        if (slash < 3 || before[slash - 1] != '/' || before[slash - 2] != ':' || !Characters.IsLetterOrDigit(before[slash - 3]) || !IsHost(Characters.At(text, at + 1)))
            return false;
        var information = before[(slash + 1)..];
        // A path has slashes, a query a question mark: an @ behind them ends no user information.
        if (information.IsEmpty || information.ContainsAny(NotInInformation))
            return false;
        var colon = information.IndexOf((byte)':');
        var secret = information[(colon + 1)..];
        if (secret.IsEmpty || (colon < 0 && secret.Length < ShortestTokenAlone) || !secret.ContainsAnyExcept((byte)'*'))
            return false;
        // What a template or a shell will put in is not there yet.
        var isPlaceholder = IsPlaceholder(information) || IsPlaceholder(secret);
        finding = new(at - information.Length, information.Length, Detector.UrlWithCredentials, isPlaceholder ? 20 : colon < 0 ? 60 : 95);
        return true;
    }

    private static bool IsPlaceholder(ReadOnlySpan<byte> text) =>
        text[0] is (byte)'$' or (byte)'{' or (byte)'%' && text[^1] is (byte)'}' or (byte)'%' or (byte)')';

    private static bool IsHost(byte unit) => Characters.IsLetterOrDigit(unit) || unit is (byte)'[' or (byte)'_' or (byte)'/' or >= 0x80;
}
