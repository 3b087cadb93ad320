namespace WireGuardian.Core.Detection.Detectors;

/// <summary>
/// GitHub's tokens: <c>ghp_</c>, <c>gho_</c>, <c>ghu_</c>, <c>ghs_</c>, <c>ghr_</c> with 30 random characters and a CRC-32 of them in base 62; and fine-grained
/// ones, <c>github_pat_…</c>.
/// </summary>
internal static class GitHubToken
{
    private const int PrefixLength = 4;
    private const int RandomLength = 30;
    private const int ChecksumLength = 6;
    private const int FineGrainedLength = 93;

    public static bool TryFind(ReadOnlySpan<byte> text, int start, int wordLength, out Finding finding)
    {
        finding = default;
        var word = text.Slice(start, wordLength);
        if (wordLength == FineGrainedLength && word.StartsWith("github_pat_"u8))
        {
            finding = new(start, wordLength, Detector.GitHubToken, 95);
            return true;
        }
        if (wordLength < PrefixLength + RandomLength + ChecksumLength || !word.StartsWith("gh"u8) || word[3] != '_' || !"pousr"u8.Contains(word[2]))
            return false;
        // Longer ones are of a form to come; of this one the checksum tells.
        var score = wordLength == PrefixLength + RandomLength + ChecksumLength && HasChecksum(word[PrefixLength..]) ? 100 : 70;
        finding = new(start, wordLength, Detector.GitHubToken, score);
        return true;
    }

    /// <summary>Six digits in base 62, of which the alphabet is digits, capitals, small letters.</summary>
    internal static void WriteChecksum(ReadOnlySpan<byte> random, Span<byte> checksum)
    {
        var value = Crc32(random);
        for (var i = ChecksumLength - 1; i >= 0; i--, value /= 62)
            checksum[i] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8[(int)(value % 62)];
    }

    private static bool HasChecksum(ReadOnlySpan<byte> token)
    {
        Span<byte> checksum = stackalloc byte[ChecksumLength];
        WriteChecksum(token[..RandomLength], checksum);
        return token[RandomLength..].SequenceEqual(checksum);
    }

    private static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var unit in bytes)
        {
            crc ^= unit;
            for (var bit = 0; bit < 8; bit++)
                crc = crc >> 1 ^ ((crc & 1) == 0 ? 0 : 0xEDB8_8320);
        }
        return ~crc;
    }
}
