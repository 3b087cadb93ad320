using WireGuardian.Core.Detection.Scanning;

namespace WireGuardian.Core.Detection.Detectors;

/// <summary>Slack's tokens (<c>xoxb-…</c> and their kin, <c>xapp-…</c>) and the secret end of an incoming webhook's address.</summary>
internal static class SlackToken
{
    private const int WebhookSecretLength = 24;
    private const int WebhookReach = 80;

    public static bool TryFind(ReadOnlySpan<byte> text, int start, int wordLength, out Finding finding)
    {
        var word = text.Slice(start, wordLength);
        finding = new(start, wordLength, Detector.SlackToken, 95);
        if (word.StartsWith("xox"u8) && word[4] == '-' && "abeprs"u8.Contains(word[3]))
            return word[5..].ContainsAnyInRange((byte)'0', (byte)'9');
        if (word.StartsWith("xapp-"u8))
            return Characters.IsDigit(word[5]);
        if (wordLength != WebhookSecretLength || Characters.At(text, start - 1) != '/')
            return false;
        var before = text[Math.Max(0, start - WebhookReach)..start];
        return before.IndexOf("hooks.slack.com/services/"u8) >= 0;
    }
}
