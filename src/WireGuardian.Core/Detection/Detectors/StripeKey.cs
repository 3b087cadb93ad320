using WireGuardian.Core.Detection.Scanning;

namespace WireGuardian.Core.Detection.Detectors;

/// <summary>Stripe's secret and restricted keys, live and test, and signing secrets of webhooks. Publishable keys are public.</summary>
internal static class StripeKey
{
    private const int PrefixLength = 8;
    private const int ShortestRandom = 16;

    public static bool TryFind(ReadOnlySpan<byte> text, int start, int wordLength, out Finding finding)
    {
        var word = text.Slice(start, wordLength);
        finding = new(start, wordLength, Detector.StripeKey, 95);
        if (word.StartsWith("whsec_"u8))
            return wordLength >= 32;
        if (wordLength < PrefixLength + ShortestRandom || word[1] != 'k' || word[0] is not ((byte)'s' or (byte)'r'))
            return false;
        var kind = word[2..PrefixLength];
        if (!kind.SequenceEqual("_live_"u8) && !kind.SequenceEqual("_test_"u8))
            return false;
        return Characters.AlphanumericLength(text, start + PrefixLength) == wordLength - PrefixLength;
    }
}
