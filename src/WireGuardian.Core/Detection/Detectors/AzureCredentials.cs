using WireGuardian.Core.Detection.Scanning;

namespace WireGuardian.Core.Detection.Detectors;

/// <summary>
/// Client secrets of Microsoft Entra, <c>abc8Q~…</c>. Keys of storage accounts and signatures of shared access are found by what stands before them
/// (<see cref="SecretByContext"/>).
/// </summary>
internal static class AzureCredentials
{
    private const int BeforeTilde = 5;

    /// <param name="text">The text.</param>
    /// <param name="start">Where a word begins behind a tilde.</param>
    /// <param name="finding">The secret.</param>
    public static bool TryFind(ReadOnlySpan<byte> text, int start, out Finding finding)
    {
        finding = default;
        if (start < BeforeTilde + 1 || text[start - 1] != '~' || text[start - 2] != 'Q' || !Characters.IsDigit(text[start - 3]))
            return false;
        var end = start;
        while (end < text.Length && (Characters.IsWord(text[end]) || text[end] is (byte)'.' or (byte)'~'))
            end++;
        var first = start - BeforeTilde - 1;
        for (var i = first; i < first + 3; i++)
        {
            if (!Characters.IsWord(text[i]) && text[i] != '.' && text[i] != '~')
                return false;
        }
        if (end - start is < 31 or > 34 || Characters.IsWord(Characters.At(text, first - 1)))
            return false;
        finding = new(first, end - first, Detector.AzureCredentials, 95);
        return true;
    }
}
