using WireGuardian.Core.Detection.Scanning;

namespace WireGuardian.Core.Detection.Detectors;

/// <summary>Google's API keys (<c>AIza…</c>), OAuth client secrets (<c>GOCSPX-…</c>) and access tokens (<c>ya29.…</c>).</summary>
internal static class GcpCredentials
{
    private const int ApiKeyLength = 39;
    private const int ClientSecretLength = 35;
    private const int ShortestAccessToken = 20;

    public static bool TryFind(ReadOnlySpan<byte> text, int start, int wordLength, out Finding finding)
    {
        finding = default;
        var word = text.Slice(start, wordLength);
        if ((wordLength == ApiKeyLength && word.StartsWith("AIza"u8)) || (wordLength == ClientSecretLength && word.StartsWith("GOCSPX-"u8)))
        {
            finding = new(start, wordLength, Detector.GcpCredentials, 95);
            return true;
        }
        if (wordLength < ShortestAccessToken || !text[..start].EndsWith("ya29."u8) || Characters.IsWord(Characters.At(text, start - 6)))
            return false;
        finding = new(start - 5, wordLength + 5, Detector.GcpCredentials, 95);
        return true;
    }
}
