using WireGuardian.Sql.Lexing;

namespace WireGuardian.Sql.Postgres;

/// <summary>
/// A template that costs no more than a walk over the text, for most statements: those that are plain at first sight. Texts of one plain template have one
/// <see cref="StatementTemplate"/>, not the other way around: blanks and the case of words stay.
/// </summary>
public static class PlainTemplate
{
    private const int LongestInt4 = 9;

    /// <summary>Writes the template.</summary>
    /// <param name="sql">One statement.</param>
    /// <param name="destination">Takes the template.</param>
    /// <returns>
    /// How many bytes were written; -1 where the destination is too small, and for a text with comments, literals that are not <c>'plain'</c> or integers of up to nine digits,
    /// dollar quotes or backslashes.
    /// </returns>
    public static int Write(ReadOnlySpan<byte> sql, Span<byte> destination)
    {
        var lists = new NumberedLists();
        var (at, copied, length) = (0, 0, 0);
        while (at < sql.Length)
        {
            var start = at;
            var b = sql[at];
            if (PostgresLexer.IsIdentifierStart(b))
            {
                at = EndOfWord(sql, at + 1);
                // Of no other length are the words that NumberedLists minds.
                lists.Take(at - start is 2 or 5 or 6 or 8 ? PostgresKeywords.Find(sql[start..at]) : PostgresKeyword.NoKeyword);
            }
            else if (char.IsAsciiDigit((char)b))
            {
                at = EndOfWord(sql, at + 1);
                if (at - start > LongestInt4 || sql[start..at].ContainsAnyExceptInRange((byte)'0', (byte)'9') || IsPoint(sql, start - 1) || IsPoint(sql, at))
                    return -1;
                if (lists.Inside)
                    continue;
                if (!TryPut(sql[copied..start], "0"u8, destination, ref length))
                    return -1;
                copied = at;
            }
            else if (b == '\'')
            {
                if (!TrySkipString(sql, ref at) || !TryPut(sql[copied..start], "''"u8, destination, ref length))
                    return -1;
                copied = at;
            }
            else if (!TryTakeOther(sql, ref at, ref lists))
            {
                return -1;
            }
        }
        return TryPut(sql[copied..], [], destination, ref length) ? length : -1;
    }

    private static bool TryPut(ReadOnlySpan<byte> text, ReadOnlySpan<byte> standIn, Span<byte> destination, ref int length)
    {
        if (text.Length + standIn.Length > destination.Length - length)
            return false;
        text.CopyTo(destination[length..]);
        length += text.Length;
        standIn.CopyTo(destination[length..]);
        length += standIn.Length;
        return true;
    }

    private static int EndOfWord(ReadOnlySpan<byte> sql, int at)
    {
        while (at < sql.Length && PostgresLexer.IsIdentifierPart(sql[at]))
            at++;
        return at;
    }

    private static bool IsPoint(ReadOnlySpan<byte> sql, int at) => (uint)at < (uint)sql.Length && sql[at] == '.';

    /// <summary>A quote right behind a word or an &amp; makes a literal of another kind; one behind another is a part of its value.</summary>
    private static bool TrySkipString(ReadOnlySpan<byte> sql, ref int at)
    {
        if (at > 0 && (PostgresLexer.IsIdentifierPart(sql[at - 1]) || sql[at - 1] is (byte)'&' or (byte)'\'' or (byte)'"'))
            return false;
        var length = sql[(at + 1)..].IndexOfAny((byte)'\'', (byte)'\\', (byte)0);
        if (length < 0 || sql[at + 1 + length] != '\'')
            return false;
        at += length + 2;
        return true;
    }

    private static bool TryTakeOther(ReadOnlySpan<byte> sql, ref int at, ref NumberedLists lists)
    {
        var b = sql[at++];
        switch (b)
        {
            case (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r':
                return true;
            case (byte)'(':
                lists.Open();
                return true;
            case (byte)')':
                lists.Close();
                return true;
            case (byte)'"':
                // Behind an & it may have an escape character of its own.
                var length = sql[at..].IndexOfAny((byte)'"', (byte)0);
                if (length < 0 || sql[at + length] == 0 || (at > 1 && sql[at - 2] == '&'))
                    return false;
                at += length + 1;
                break;
            case (byte)'$':
                // A parameter; its number stays.
                var end = EndOfWord(sql, at);
                if (end == at || sql[at..end].ContainsAnyExceptInRange((byte)'0', (byte)'9'))
                    return false;
                at = end;
                break;
            case 0 or (byte)'\\':
            case (byte)'-' when at < sql.Length && sql[at] == '-':
            case (byte)'/' when at < sql.Length && sql[at] == '*':
                return false;
        }
        lists.Take(PostgresKeyword.NoKeyword);
        return true;
    }
}
