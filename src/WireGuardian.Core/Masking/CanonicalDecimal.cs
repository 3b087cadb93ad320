using System.Buffers.Text;

namespace WireGuardian.Core.Masking;

/// <summary>
/// One spelling for every decimal number, so that <c>1.50</c>, <c>1.5</c> and <c>15e-1</c> give the same digest: sign, digits without zeros at either
/// end, and <c>e</c> with the power of ten unless that is 0.
/// </summary>
public static class CanonicalDecimal
{
    /// <summary>Bytes that <see cref="TryWrite"/> can need beyond those of its input.</summary>
    public const int Slack = 24;

    private const int LongestExponent = 18;

    /// <summary>False when <paramref name="text"/> is no decimal number.</summary>
    /// <param name="text">Optional sign, digits with at most one point, optional exponent.</param>
    /// <param name="destination">At least as long as the text and <see cref="Slack"/>; must not overlap it.</param>
    /// <param name="written">Bytes written.</param>
    public static bool TryWrite(ReadOnlySpan<byte> text, Span<byte> destination, out int written)
    {
        written = 0;
        var rest = text;
        var negative = rest.Length > 0 && rest[0] == '-';
        if (rest.Length > 0 && rest[0] is (byte)'-' or (byte)'+')
            rest = rest[1..];
        if (!TrySplitExponent(ref rest, out var exponent) || !TryCopyDigits(rest, destination[1..], out var digits, out var fraction))
            return false;

        var significant = destination.Slice(1, digits).TrimEnd((byte)'0').Length;
        if (significant == 0)
        {
            destination[0] = (byte)'0';
            written = 1;
            return true;
        }
        exponent += digits - significant - fraction;
        if (negative)
            destination[0] = (byte)'-';
        else
            destination.Slice(1, significant).CopyTo(destination);
        written = significant + (negative ? 1 : 0);
        if (exponent != 0)
        {
            destination[written++] = (byte)'e';
            Utf8Formatter.TryFormat(exponent, destination[written..], out var exponentLength);
            written += exponentLength;
        }
        return true;
    }

    private static bool TrySplitExponent(ref ReadOnlySpan<byte> rest, out long exponent)
    {
        exponent = 0;
        var mark = rest.IndexOfAny((byte)'e', (byte)'E');
        if (mark < 0)
            return true;
        var text = rest[(mark + 1)..];
        rest = rest[..mark];
        if (text.Length > 0 && text[0] == '+')
            text = text[1..];
        return text.Length <= LongestExponent && Utf8Parser.TryParse(text, out exponent, out var consumed) && consumed == text.Length;
    }

    private static bool TryCopyDigits(ReadOnlySpan<byte> text, Span<byte> destination, out int digits, out int fraction)
    {
        digits = fraction = 0;
        var any = false;
        var point = false;
        foreach (var unit in text)
        {
            if (unit == '.' && !point)
            {
                point = true;
                continue;
            }
            if (unit is < (byte)'0' or > (byte)'9')
                return false;
            any = true;
            fraction += point ? 1 : 0;
            if (digits > 0 || unit != '0')
                destination[digits++] = unit;
        }
        return any;
    }
}
