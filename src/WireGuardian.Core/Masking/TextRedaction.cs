using System.Buffers.Binary;
using System.Runtime.Intrinsics;
using System.Text;
using System.Text.Unicode;

namespace WireGuardian.Core.Masking;

/// <summary>The masks of text that leave the length as it is.</summary>
public static class TextRedaction
{
    /// <summary>Characters that <c>partial</c> leaves.</summary>
    public const int VisibleCharacters = 4;

    /// <summary>Shorter texts show nothing: what would stay is too much of them.</summary>
    public const int MinimumCharacters = 9;

    /// <summary>No UTF-8 character is longer.</summary>
    public const int LongestCharacter = 4;

    /// <summary>Bytes at the end of a text that must come together for its tail to be kept.</summary>
    public const int LongestTail = VisibleCharacters * LongestCharacter;

    private const byte Star = (byte)'*';

    /// <summary>Every byte becomes <c>*</c>.</summary>
    public static void Redact(Span<byte> text)
    {
        const ulong stars = 0x2A2A_2A2A_2A2A_2A2A;
        // Most values are of these lengths, for which two writes that overlap cost a third of Fill.
        if (text.Length is >= sizeof(ulong) and <= 2 * sizeof(ulong))
        {
            BinaryPrimitives.WriteUInt64LittleEndian(text, stars);
            BinaryPrimitives.WriteUInt64LittleEndian(text[^sizeof(ulong)..], stars);
        }
        else if (Vector128.IsHardwareAccelerated && text.Length is > 2 * sizeof(ulong) and <= 4 * sizeof(ulong))
        {
            Vector128.Create(Star).CopyTo(text);
            Vector128.Create(Star).CopyTo(text[^Vector128<byte>.Count..]);
        }
        else
        {
            text.Fill(Star);
        }
    }

    /// <summary>
    /// The last four characters of nine or more stay, every byte before them becomes <c>*</c>. Text that is no UTF-8 is redacted, for where its
    /// characters begin is not known.
    /// </summary>
    public static void KeepTail(Span<byte> text)
    {
        // Most values are ASCII, where bytes are characters and nothing need be decoded.
        if (text.Length >= MinimumCharacters && Ascii.IsValid(text))
            text[..^VisibleCharacters].Fill(Star);
        else if (text.Length < MinimumCharacters || !Utf8.IsValid(text) || CharacterCount(text, MinimumCharacters) < MinimumCharacters)
            text.Fill(Star);
        else
            text[..^TailLength(text)].Fill(Star);
    }

    /// <summary>
    /// The same for a piece of a text of <paramref name="length"/> bytes that begins at <paramref name="offset"/>. A tail of which the last
    /// <see cref="LongestTail"/> bytes do not come in one piece is not kept.
    /// </summary>
    public static void KeepTail(Span<byte> chunk, long offset, long length)
    {
        // A text of this length has nine characters at least; one that is shorter comes whole, if it comes in pieces at all.
        var last = offset + chunk.Length == length;
        var seen = chunk[^Math.Min(LongestTail, chunk.Length)..];
        if (last && offset == 0)
            KeepTail(chunk);
        else if (last && seen.Length == LongestTail && length >= MinimumCharacters * LongestCharacter)
            chunk[..^TailLength(seen)].Fill(Star);
        else
            Redact(chunk);
    }

    /// <summary>
    /// Bytes of the last four characters of a text that ends with <paramref name="end"/>; 0 when <paramref name="end"/> does not hold four whole
    /// characters.
    /// </summary>
    public static int TailLength(ReadOnlySpan<byte> end)
    {
        var rest = end;
        for (var i = 0; i < VisibleCharacters; i++)
        {
            if (Rune.DecodeLastFromUtf8(rest, out _, out var consumed) != System.Buffers.OperationStatus.Done)
                return 0;
            rest = rest[..^consumed];
        }
        return end.Length - rest.Length;
    }

    /// <summary>True for well-formed UTF-8; quick for ASCII.</summary>
    public static bool IsUtf8(ReadOnlySpan<byte> text) => Ascii.IsValid(text) || Utf8.IsValid(text);

    /// <summary>Characters of well-formed UTF-8, counted no further than <paramref name="enough"/>.</summary>
    private static int CharacterCount(ReadOnlySpan<byte> text, int enough)
    {
        if (text.Length >= enough * LongestCharacter)
            return enough;
        var count = 0;
        foreach (var unit in text)
        {
            // Continuation bytes are 10xxxxxx; every other byte begins a character.
            if ((unit & 0xC0) != 0x80)
                count++;
        }
        return count;
    }
}
