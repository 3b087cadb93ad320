using System.Buffers;

namespace WireGuardian.Postgres.Rewriting.Masks;

/// <summary>
/// An array literal, <c>{a,"b c",NULL}</c>, nested or with bounds before it (<c>[0:1]={…}</c>): each element masked, the structure kept. What is no
/// array literal becomes NULL.
/// </summary>
internal sealed class ArrayTextMask(IValueMask element) : IValueMask
{
    private static readonly SearchValues<byte> InBounds = SearchValues.Create("[]:-+0123456789"u8);

    public MaskResult Apply(Span<byte> value, MaskOutput output)
    {
        var start = output.Length;
        if (TryMask(value, output))
            return MaskResult.Replaced;
        output.Truncate(start);
        return MaskResult.Null;
    }

    private bool TryMask(Span<byte> value, MaskOutput output)
    {
        var bounds = BoundsLength(value);
        if (bounds < 0)
            return false;
        output.Write(value[..bounds]);
        var rest = value[bounds..];
        var depth = 0;
        // After an element or a closing brace comes a comma or a closing brace, else an element or a brace of either kind.
        var afterItem = false;
        while (rest.Length > 0)
        {
            switch (rest[0])
            {
                case (byte)'{' when !afterItem:
                    depth++;
                    break;
                case (byte)'}' when depth > 0:
                    depth--;
                    afterItem = true;
                    break;
                case (byte)',' when afterItem && depth > 0:
                    afterItem = false;
                    break;
                default:
                    if (afterItem || depth == 0 || !TryMaskElement(ref rest, output))
                        return false;
                    afterItem = true;
                    continue;
            }
            output.WriteByte(rest[0]);
            rest = rest[1..];
            if (depth == 0)
                return rest.IsEmpty;
        }
        return false;
    }

    /// <summary>Length of <c>[1:2][3:4]=</c>, 0 without, -1 when malformed.</summary>
    private static int BoundsLength(ReadOnlySpan<byte> value)
    {
        if (!value.StartsWith("["u8))
            return 0;
        var end = value.IndexOf((byte)'=');
        return end < 0 || value[..end].ContainsAnyExcept(InBounds) ? -1 : end + 1;
    }

    private bool TryMaskElement(ref Span<byte> rest, MaskOutput output)
    {
        var quoted = rest[0] == '"';
        if (!(quoted ? TryReadQuoted(ref rest, out var text) : TryReadBare(ref rest, out text)))
            return false;
        if (!quoted && ArrayLiteral.IsNull(text))
        {
            output.Write(text);
            return true;
        }
        var start = output.Length;
        switch (element.Apply(text, output))
        {
            case MaskResult.InPlace:
                output.Write(text);
                ArrayLiteral.QuoteFrom(start, output);
                break;
            case MaskResult.Replaced:
                ArrayLiteral.QuoteFrom(start, output);
                break;
            default:
                output.Write(ArrayLiteral.Null);
                break;
        }
        return true;
    }

    private static bool TryReadBare(ref Span<byte> rest, out Span<byte> text)
    {
        var length = rest.IndexOfAny((byte)',', (byte)'}');
        text = length <= 0 ? default : rest[..length];
        rest = rest[Math.Max(0, length)..];
        return length > 0 && !text.ContainsAny((byte)'"', (byte)'{', (byte)'\\');
    }

    /// <summary>Takes the escapes out where they stand.</summary>
    private static bool TryReadQuoted(ref Span<byte> rest, out Span<byte> text)
    {
        var written = 0;
        for (var i = 1; i < rest.Length; i++)
        {
            if (rest[i] == '"')
            {
                text = rest[..written];
                rest = rest[(i + 1)..];
                return true;
            }
            if (rest[i] == '\\' && ++i == rest.Length)
                break;
            rest[written++] = rest[i];
        }
        text = default;
        return false;
    }
}

/// <summary>How elements are written in an array literal.</summary>
internal static class ArrayLiteral
{
    private static readonly SearchValues<byte> NeedsQuotes =
        SearchValues.Create("{}\",\\ \t\n\r\v\f"u8);

    public static ReadOnlySpan<byte> Null => "NULL"u8;

    public static bool IsNull(ReadOnlySpan<byte> text) => System.Text.Ascii.EqualsIgnoreCase(text, Null);

    /// <summary>Puts the element that the output ends with in quotes where it needs them.</summary>
    public static void QuoteFrom(int start, MaskOutput output)
    {
        var element = output.Written[start..];
        if (!element.IsEmpty && !IsNull(element) && !element.ContainsAny(NeedsQuotes))
            return;
        var length = element.Length;
        output.Extend(2 + element.Count((byte)'"') + element.Count((byte)'\\'));
        element = output.Written[start..];
        var to = element.Length - 1;
        element[to--] = (byte)'"';
        // From the end, so that nothing is overwritten before it moved.
        for (var from = length - 1; from >= 0; from--)
        {
            var unit = element[from];
            element[to--] = unit;
            if (unit is (byte)'"' or (byte)'\\')
                element[to--] = (byte)'\\';
        }
        element[0] = (byte)'"';
    }
}
