namespace WireGuardian.Core.Detection.Scanning;

/// <summary>Classes of bytes. Bytes of characters beyond ASCII are letters only where a method says so.</summary>
internal static class Characters
{
    public static bool IsDigit(byte unit) => (uint)(unit - '0') <= 9;

    public static bool IsLetter(byte unit) => (uint)((unit | 0x20) - 'a') <= 'z' - 'a';

    public static bool IsUpper(byte unit) => (uint)(unit - 'A') <= 'Z' - 'A';

    public static bool IsLetterOrDigit(byte unit) => IsDigit(unit) || IsLetter(unit);

    public static bool IsHex(byte unit) => IsDigit(unit) || (uint)((unit | 0x20) - 'a') <= 5;

    /// <summary>A letter, a digit, <c>_</c> or <c>-</c>: base64url's alphabet.</summary>
    public static bool IsWord(byte unit) => IsLetterOrDigit(unit) || unit is (byte)'_' or (byte)'-';

    public static bool IsBase64(byte unit) => IsLetterOrDigit(unit) || unit is (byte)'+' or (byte)'/';

    /// <summary>The byte, or 0 outside of the text.</summary>
    public static byte At(ReadOnlySpan<byte> text, int index) => (uint)index < (uint)text.Length ? text[index] : (byte)0;

    /// <summary>How many letters and digits begin at <paramref name="start"/>.</summary>
    public static int AlphanumericLength(ReadOnlySpan<byte> text, int start)
    {
        var end = start;
        while (end < text.Length && IsLetterOrDigit(text[end]))
            end++;
        return end - start;
    }

    /// <summary>How many bytes of <see cref="IsWord"/> begin at <paramref name="start"/>.</summary>
    public static int WordLength(ReadOnlySpan<byte> text, int start)
    {
        var end = start;
        while (end < text.Length && IsWord(text[end]))
            end++;
        return end - start;
    }

    /// <summary>How many digits begin at <paramref name="start"/>.</summary>
    public static int DigitsLength(ReadOnlySpan<byte> text, int start)
    {
        var end = start;
        while (end < text.Length && IsDigit(text[end]))
            end++;
        return end - start;
    }

    /// <summary>True when <paramref name="text"/> begins with <paramref name="lower"/> in any case.</summary>
    public static bool StartsWithIgnoreCase(ReadOnlySpan<byte> text, ReadOnlySpan<byte> lower) =>
        text.Length >= lower.Length && System.Text.Ascii.EqualsIgnoreCase(text[..lower.Length], lower);

    /// <summary>True when <paramref name="text"/> ends with <paramref name="lower"/> in any case.</summary>
    public static bool EndsWithIgnoreCase(ReadOnlySpan<byte> text, ReadOnlySpan<byte> lower) =>
        text.Length >= lower.Length && System.Text.Ascii.EqualsIgnoreCase(text[^lower.Length..], lower);
}
