using System.Buffers.Binary;
using System.Text;
using WireGuardian.MySql.Framing;

namespace WireGuardian.MySql.Rewriting;

/// <summary>Reads text that is no ASCII and nothing more as UTF-8, so that it can be looked into. Total: what is no character becomes U+FFFD.</summary>
internal static class WideText
{
    private const int LongestCharacter = 4;

    /// <summary>Writes a text of UTF-16 or UTF-32 as UTF-8.</summary>
    public static void Narrow(ReadOnlySpan<byte> text, TextForm form, MaskOutput output)
    {
        var size = form == TextForm.Utf32 ? sizeof(uint) : sizeof(ushort);
        var high = 0u;
        for (; text.Length >= size; text = text[size..])
        {
            var unit = form switch
            {
                TextForm.Utf32 => BinaryPrimitives.ReadUInt32BigEndian(text),
                TextForm.Utf16LittleEndian => BinaryPrimitives.ReadUInt16LittleEndian(text),
                _ => BinaryPrimitives.ReadUInt16BigEndian(text),
            };
            if (high == 0 && size == sizeof(ushort) && char.IsHighSurrogate((char)unit))
            {
                high = unit;
                continue;
            }
            if (high != 0)
                unit = char.IsLowSurrogate((char)unit) ? (uint)char.ConvertToUtf32((char)high, (char)unit) : unit;
            high = 0;
            Write(unit, output);
        }
    }

    /// <summary>Writes a text of which only is known that zero bytes in it are no text: ASCII in UTF-16 or UTF-32, for one.</summary>
    public static void WithoutZeros(ReadOnlySpan<byte> text, MaskOutput output)
    {
        while (!text.IsEmpty)
        {
            var run = text.IndexOf((byte)0);
            run = run < 0 ? text.Length : run;
            output.Write(text[..run]);
            text = text[run..].TrimStart((byte)0);
        }
    }

    private static void Write(uint unit, MaskOutput output)
    {
        if (unit < 0x80)
        {
            output.WriteByte((byte)unit);
            return;
        }
        Span<byte> bytes = stackalloc byte[LongestCharacter];
        var rune = Rune.TryCreate(unit, out var known) ? known : Rune.ReplacementChar;
        output.Write(bytes[..rune.EncodeToUtf8(bytes)]);
    }
}
