using System.Buffers.Text;

namespace WireGuardian.Core.Masking.Values;

/// <summary>
/// What stands for the scalars of JSON: for a string a <c>*</c> for each byte of what it spells, for a number 0, for a boolean false; with a key, hash or token of strings and other
/// numbers.
/// </summary>
/// <param name="strings">The keyed mask of strings; null to redact.</param>
/// <param name="numbers">The keyed mask of numbers; null to redact.</param>
internal sealed class JsonScalars(KeyedTextMask? strings, KeyedDecimal? numbers)
{
    public static JsonScalars Redacted { get; } = new(null, null);

    /// <summary>With a key: strings by <c>hash</c> or <c>token</c>, numbers below 2^53, which every reader of JSON holds exactly.</summary>
    public static JsonScalars Keyed(MaskKey key, bool token) => new(new KeyedTextMask(key, token, int.MaxValue, padded: false), new KeyedDecimal(key, 1UL << 53));

    /// <summary>True where a string keeps its length, and stars can stand in its place.</summary>
    public bool LeavesStars => strings is null;

    /// <summary>Appends what stands for the text that a string spells, without quotes.</summary>
    public void WriteString(ReadOnlySpan<byte> text, MaskOutput output)
    {
        if (strings is null)
        {
            TextRedaction.Redact(output.Extend(text.Length));
            return;
        }
        Span<byte> standIn = stackalloc byte[KeyedStandIn.HashLength];
        output.Write(standIn[..strings.WriteWhole(text, standIn)]);
    }

    public void WriteNumber(ReadOnlySpan<byte> text, MaskOutput output)
    {
        Span<byte> digits = stackalloc byte[20];
        Utf8Formatter.TryFormat(numbers?.Derive(text) ?? 0, digits, out var length);
        output.Write(digits[..length]);
    }

    public static void WriteBoolean(MaskOutput output) => output.Write("false"u8);
}
