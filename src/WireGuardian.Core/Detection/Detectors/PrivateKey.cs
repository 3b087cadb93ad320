namespace WireGuardian.Core.Detection.Detectors;

/// <summary>Private keys in PEM (RFC 7468) and its like, up to their end; where that does not come, up to the end of the text.</summary>
internal static class PrivateKey
{
    private const int LongestLabel = 64;

    /// <param name="text">The text.</param>
    /// <param name="dashes">Where the last five of a run of dashes begin.</param>
    /// <param name="finding">The key with its first and last line.</param>
    public static bool TryFind(ReadOnlySpan<byte> text, int dashes, out Finding finding)
    {
        finding = default;
        var label = text[dashes..];
        if (!label.StartsWith("-----BEGIN "u8))
            return false;
        label = label["-----BEGIN "u8.Length..];
        label = label[..Math.Min(label.Length, LongestLabel)];
        var labelLength = label.IndexOf("-----"u8);
        if (labelLength < 0 || label[..labelLength].IndexOf("PRIVATE KEY"u8) < 0)
            return false;
        var body = dashes + "-----BEGIN "u8.Length + labelLength + 5;
        var end = text[body..].IndexOf("-----END "u8);
        if (end >= 0)
        {
            end += body + "-----END "u8.Length;
            var rest = text.Slice(end, Math.Min(LongestLabel, text.Length - end)).IndexOf("-----"u8);
            end += rest < 0 ? 0 : rest + 5;
        }
        else
        {
            end = text.Length;
        }
        finding = new(dashes, end - dashes, Detector.PrivateKey, 100);
        return true;
    }
}
