using WireGuardian.Core.Detection.Scanning;

namespace WireGuardian.Core.Detection.Detectors;

/// <summary>Access key ids of Amazon Web Services. Secret access keys look like any base64 and are found by what stands before them (<see cref="SecretByContext"/>).</summary>
internal static class AwsCredentials
{
    private const int KeyIdLength = 20;

    public static bool TryFind(ReadOnlySpan<byte> text, int start, int wordLength, out Finding finding)
    {
        finding = default;
        var word = text.Slice(start, wordLength);
        if (wordLength != KeyIdLength || !IsPrefix(word))
            return false;
        foreach (var unit in word)
        {
            if (!Characters.IsUpper(unit) && !Characters.IsDigit(unit))
                return false;
        }
        finding = new(start, wordLength, Detector.AwsCredentials, 95);
        return true;
    }

    private static bool IsPrefix(ReadOnlySpan<byte> word) =>
        word.StartsWith("AKIA"u8) || word.StartsWith("ASIA"u8) || word.StartsWith("ABIA"u8) || word.StartsWith("ACCA"u8) || word.StartsWith("A3T"u8);
}
