using System.Buffers;

namespace WireGuardian.Core.Detection.Structure;

/// <summary>Tells text that is a JSON document from text that only begins like one.</summary>
internal static class JsonText
{
    private static readonly SearchValues<byte> Blanks = SearchValues.Create(" \t\r\n"u8);
    private static readonly SearchValues<byte> Marks = SearchValues.Create("{}[],:"u8);

    /// <summary>Of numbers and of <c>true</c>, <c>false</c>, <c>null</c>.</summary>
    private static readonly SearchValues<byte> InWords = SearchValues.Create("0123456789+-.eEtrufalsn"u8);

    /// <summary>
    /// True for an object or array in which nothing stands outside of strings but marks, numbers and the three words, and marks between all of them: so every value in it is a
    /// scalar that <see cref="ScalarReader"/> reads. Whether the marks come in an order that JSON has is not looked at.
    /// </summary>
    public static bool IsDocument(ReadOnlySpan<byte> text)
    {
        text = text.TrimStart(" \t\r\n"u8).TrimEnd(" \t\r\n"u8);
        if (text is not ([(byte)'{', .., (byte)'}'] or [(byte)'[', .., (byte)']']))
            return false;
        var isBehindScalar = false;
        while (!text.IsEmpty)
        {
            if (Blanks.Contains(text[0]))
            {
                text = text.TrimStart(" \t\r\n"u8);
                continue;
            }
            if (Marks.Contains(text[0]))
            {
                isBehindScalar = false;
                text = text[1..];
                continue;
            }
            var length = isBehindScalar ? 0 : text[0] == '"' ? StringLength(text) : WordLength(text);
            if (length == 0)
                return false;
            isBehindScalar = true;
            text = text[length..];
        }
        return true;
    }

    private static int WordLength(ReadOnlySpan<byte> text)
    {
        var length = text.IndexOfAnyExcept(InWords);
        return length < 0 ? text.Length : length;
    }

    /// <summary>Quotes included; 0 where the closing one is missing.</summary>
    private static int StringLength(ReadOnlySpan<byte> text)
    {
        for (var at = 1; at < text.Length;)
        {
            var end = text[at..].IndexOfAny((byte)'"', (byte)'\\');
            if (end < 0)
                return 0;
            at += end;
            if (text[at] == '"')
                return at + 1;
            at += 2;
        }
        return 0;
    }
}
