using System.Text;

namespace WireGuardian.Core.Masking.Values;

/// <summary>What stands between the quotes of a JSON string.</summary>
public static class JsonString
{
    /// <summary>
    /// The text that is spelled, in UTF-8; never longer than its spelling, so both may be the same span. An escape that spells half a surrogate pair
    /// becomes U+FFFD. Total: what is no escape stands for itself.
    /// </summary>
    public static int Unescape(ReadOnlySpan<byte> spelled, Span<byte> text)
    {
        var written = 0;
        for (var i = 0; i < spelled.Length; i++)
        {
            if (spelled[i] != '\\' || i + 1 == spelled.Length)
            {
                text[written++] = spelled[i];
                continue;
            }
            var escape = spelled[++i];
            if (escape == 'u' && TryReadUnit(spelled[(i + 1)..], out var unit))
            {
                i += 4;
                if (char.IsHighSurrogate(unit) && TryReadLow(spelled[(i + 1)..], out var low))
                {
                    i += 6;
                    written += new Rune(unit, low).EncodeToUtf8(text[written..]);
                }
                else
                {
                    written += (Rune.TryCreate(unit, out var rune) ? rune : Rune.ReplacementChar).EncodeToUtf8(text[written..]);
                }
                continue;
            }
            text[written++] = escape switch
            {
                (byte)'b' => (byte)'\b',
                (byte)'f' => (byte)'\f',
                (byte)'n' => (byte)'\n',
                (byte)'r' => (byte)'\r',
                (byte)'t' => (byte)'\t',
                _ => escape,
            };
        }
        return written;
    }

    /// <summary>Appends a text as it is spelled between quotes.</summary>
    public static void Escape(ReadOnlySpan<byte> text, MaskOutput output)
    {
        foreach (var unit in text)
        {
            if (unit is (byte)'"' or (byte)'\\')
            {
                output.WriteByte((byte)'\\');
                output.WriteByte(unit);
            }
            else if (unit < ' ')
            {
                output.Write("\\u00"u8);
                output.WriteByte("0123456789abcdef"u8[unit >> 4]);
                output.WriteByte("0123456789abcdef"u8[unit & 15]);
            }
            else
            {
                output.WriteByte(unit);
            }
        }
    }

    private static bool TryReadLow(ReadOnlySpan<byte> spelled, out char low)
    {
        low = default;
        return spelled.StartsWith("\\u"u8) && TryReadUnit(spelled[2..], out low) && char.IsLowSurrogate(low);
    }

    private static bool TryReadUnit(ReadOnlySpan<byte> digits, out char unit)
    {
        unit = default;
        if (digits.Length < 4)
            return false;
        var value = 0;
        for (var i = 0; i < 4; i++)
        {
            var digit = Hex.Digit(digits[i]);
            if (digit < 0)
                return false;
            value = value << 4 | digit;
        }
        unit = (char)value;
        return true;
    }
}
