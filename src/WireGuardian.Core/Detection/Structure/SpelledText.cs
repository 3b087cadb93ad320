using System.Text;
using WireGuardian.Core.Masking.Values;

namespace WireGuardian.Core.Detection.Structure;

/// <summary>Text with escapes: what it spells, and which of its bytes spell a part of that.</summary>
internal static class SpelledText
{
    private const int LongestCharacter = 4;
    private const int LongestReference = 10;
    private const int UnitLength = 6;

    /// <summary>Appends what <paramref name="spelled"/> stands for; never longer than itself.</summary>
    public static void Spell(ReadOnlySpan<byte> spelled, Escaping escaping, MaskOutput text)
    {
        Span<byte> character = stackalloc byte[LongestCharacter];
        var mark = Mark(escaping);
        while (!spelled.IsEmpty)
        {
            var plain = spelled.IndexOf(mark);
            plain = plain < 0 ? spelled.Length : plain;
            text.Write(spelled[..plain]);
            spelled = spelled[plain..];
            if (spelled.IsEmpty)
                return;
            var length = Step(spelled, escaping, character, out var consumed);
            text.Write(character[..length]);
            spelled = spelled[consumed..];
        }
    }

    /// <summary>Puts a star over every byte that spells something of the findings.</summary>
    /// <param name="spelled">The spelling.</param>
    /// <param name="escaping">Its escapes.</param>
    /// <param name="findings">Places in what is spelled; in order, without overlaps.</param>
    /// <param name="numbers">What is spelled, where numbers have to stay numbers: of nothing but digits ones remain. Empty to write stars alone.</param>
    public static void Redact(Span<byte> spelled, Escaping escaping, ReadOnlySpan<Finding> findings, ReadOnlySpan<byte> numbers = default)
    {
        Span<byte> character = stackalloc byte[LongestCharacter];
        var mark = Mark(escaping);
        var at = 0;
        var position = 0;
        while (at < spelled.Length && !findings.IsEmpty)
        {
            var (length, consumed) = (1, 1);
            if (spelled[at] == mark)
                length = Step(spelled[at..], escaping, character, out consumed);
            if (position >= findings[0].End)
            {
                findings = findings[1..];
                continue;
            }
            if (position + length > findings[0].Offset)
                spelled.Slice(at, consumed).Fill(!numbers.IsEmpty && IsNumber(numbers, findings[0]) ? (byte)'1' : (byte)'*');
            at += consumed;
            position += length;
        }
    }

    /// <summary>True for a finding of nothing but digits.</summary>
    public static bool IsNumber(ReadOnlySpan<byte> text, Finding finding) =>
        !text.Slice(finding.Offset, finding.Length).ContainsAnyExceptInRange((byte)'0', (byte)'9');

    private static byte Mark(Escaping escaping) => escaping == Escaping.References ? (byte)'&' : (byte)'\\';

    /// <summary>Reads one escape. Total: what is none stands for itself.</summary>
    /// <returns>Bytes of the character.</returns>
    private static int Step(ReadOnlySpan<byte> spelled, Escaping escaping, Span<byte> character, out int consumed)
    {
        consumed = 1;
        character[0] = spelled[0];
        if (spelled.Length < 2)
            return 1;
        if (escaping == Escaping.References)
            return StepReference(spelled, character, out consumed);
        consumed = 2;
        character[0] = spelled[1];
        if (escaping != Escaping.Json)
            return 1;
        if (spelled[1] == 'u' && TryReadUnit(spelled, out var unit))
        {
            consumed = UnitLength;
            if (char.IsHighSurrogate(unit) && TryReadUnit(spelled[UnitLength..], out var low) && char.IsLowSurrogate(low))
            {
                consumed = 2 * UnitLength;
                return new Rune(unit, low).EncodeToUtf8(character);
            }
            return (Rune.TryCreate(unit, out var rune) ? rune : Rune.ReplacementChar).EncodeToUtf8(character);
        }
        character[0] = spelled[1] switch
        {
            (byte)'b' => (byte)'\b',
            (byte)'f' => (byte)'\f',
            (byte)'n' => (byte)'\n',
            (byte)'r' => (byte)'\r',
            (byte)'t' => (byte)'\t',
            var other => other,
        };
        return 1;
    }

    private static bool TryReadUnit(ReadOnlySpan<byte> spelled, out char unit)
    {
        unit = default;
        if (spelled.Length < UnitLength || spelled[0] != '\\' || spelled[1] != 'u')
            return false;
        var value = 0;
        foreach (var digit in spelled[2..UnitLength])
        {
            if (Hex.Digit(digit) < 0)
                return false;
            value = value << 4 | Hex.Digit(digit);
        }
        unit = (char)value;
        return true;
    }

    private static int StepReference(ReadOnlySpan<byte> spelled, Span<byte> character, out int consumed)
    {
        consumed = 1;
        var end = spelled[..Math.Min(LongestReference, spelled.Length)].IndexOf((byte)';');
        if (end < 2)
            return 1;
        var name = spelled[1..end];
        var value = name[0] == '#' ? Number(name[1..]) : Entity(name);
        if (value < 0 || !Rune.TryCreate(value, out var rune))
            return 1;
        consumed = end + 1;
        return rune.EncodeToUtf8(character);
    }

    private static int Number(ReadOnlySpan<byte> digits)
    {
        var isHex = digits.Length > 0 && (digits[0] | 0x20) == 'x';
        var value = digits.Length > (isHex ? 1 : 0) ? 0 : -1;
        foreach (var unit in isHex ? digits[1..] : digits)
        {
            var digit = Hex.Digit(unit);
            if (digit < 0 || (digit > 9 && !isHex))
                return -1;
            value = value * (isHex ? 16 : 10) + digit;
        }
        return value;
    }

    private static int Entity(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("amp"u8) ? '&'
        : name.SequenceEqual("lt"u8) ? '<'
        : name.SequenceEqual("gt"u8) ? '>'
        : name.SequenceEqual("quot"u8) ? '"'
        : name.SequenceEqual("apos"u8) ? '\'' : -1;
}
