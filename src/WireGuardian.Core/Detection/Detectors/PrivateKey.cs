namespace WireGuardian.Core.Detection.Detectors;

/// <summary>Private keys in PEM (RFC 7468) and its like, up to their end; where that does not come, up to the end of the text.</summary>
internal static class PrivateKey
{
    /// <summary>Bytes between the dashes of a first or last line that are looked at.</summary>
    public const int LongestLabel = 64;

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
            // A line that the text cuts short belongs to the key as far as it goes.
            end += rest >= 0 ? rest + 5 : Math.Min(LongestLabel, text.Length - end);
        }
        else
        {
            end = text.Length;
        }
        finding = new(dashes, end - dashes, Detector.PrivateKey, 100);
        return true;
    }

    /// <summary>True for a key that was found together with its last line.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> found)
    {
        var end = found.LastIndexOf("-----END "u8);
        return end >= 0 && found[(end + "-----END "u8.Length)..].IndexOf("-----"u8) >= 0;
    }
}
