namespace WireGuardian.Sql.Lexing;

/// <summary>The literals: strings of all kinds, quoted names, numbers, parameters.</summary>
public ref partial struct PostgresLexer
{
    /// <summary>A literal in single quotes, with the pieces that continue it on later lines.</summary>
    /// <param name="start">Where the token starts.</param>
    /// <param name="quote">Where its first quote is.</param>
    private Token Quoted(int start, int quote, TokenKind kind)
    {
        var position = quote + 1;
        while (position < _text.Length)
        {
            var rest = _text[position..];
            var stop = kind == TokenKind.EscapeString ? rest.IndexOfAny((byte)'\'', (byte)'\\') : rest.IndexOf((byte)'\'');
            if (stop < 0)
                break;
            position += stop;
            if (_text[position] == '\\')
            {
                position += 2;
            }
            else if (kind != TokenKind.BitString && At(position + 1) == '\'')
            {
                position += 2;
            }
            else
            {
                var next = Continuation(position + 1);
                if (next < 0)
                    return TakeTo(kind, start, position + 1);
                position = next;
            }
        }

        return Fail(start);
    }

    /// <summary>
    /// Two literals with nothing but blanks, line comments and at least one newline between them are one literal. Gives the place behind
    /// the second one's quote, or -1.
    /// </summary>
    internal readonly int Continuation(int position)
    {
        var newline = false;
        while (position < _text.Length)
        {
            var b = _text[position];
            if (IsBlank(b))
            {
                newline |= IsNewline(b);
                position++;
            }
            else if (b == '-' && At(position + 1) == '-')
            {
                position = EndOfLine(position);
            }
            else
            {
                return b == '\'' && newline ? position + 1 : -1;
            }
        }

        return -1;
    }

    private Token QuotedName(int start, int quote, TokenKind kind)
    {
        var position = quote + 1;
        while (position < _text.Length)
        {
            var stop = _text[position..].IndexOf((byte)'"');
            if (stop < 0)
                break;
            position += stop;
            if (At(position + 1) != '"')
                return position == quote + 1 ? Fail(start) : TakeTo(kind, start, position + 1);
            position += 2;
        }

        return Fail(start);
    }

    /// <summary><c>$1</c> or <c>$tag$…$tag$</c>; a dollar sign alone is an error.</summary>
    private Token Dollar(int start)
    {
        var position = start + 1;
        if (char.IsAsciiDigit((char)At(position)))
        {
            while (char.IsAsciiDigit((char)At(position)))
                position++;
            return TakeTo(TokenKind.Parameter, start, position);
        }

        if (IsIdentifierStart(At(position)))
        {
            while (At(position) != '$' && IsIdentifierPart(At(position)))
                position++;
        }

        if (At(position) != '$')
            return Fail(start);
        var tag = _text[start..(position + 1)];
        var close = _text[(position + 1)..].IndexOf(tag);
        return close < 0 ? Fail(start) : TakeTo(TokenKind.DollarString, start, position + 1 + close + tag.Length);
    }

    private Token Number(int start)
    {
        var end = RadixDigits(start);
        if (end < 0)
        {
            end = Digits(start);
            // "1..10" is 1, "..", 10.
            if (At(end) == '.' && At(end + 1) != '.')
                end = Digits(end + 1);
            if ((At(end) | 0x20) == 'e')
            {
                var exponent = At(end + 1) is (byte)'+' or (byte)'-' ? end + 2 : end + 1;
                if (char.IsAsciiDigit((char)At(exponent)))
                    end = Digits(exponent);
            }
        }

        return TakeTo(TokenKind.Number, start, end);
    }

    /// <summary>The end of <c>0x…</c>, <c>0o…</c> or <c>0b…</c>, or -1.</summary>
    private readonly int RadixDigits(int start)
    {
        if (At(start) != '0')
            return -1;
        var radix = At(start + 1) | 0x20;
        if (radix is not ('x' or 'o' or 'b'))
            return -1;
        var end = start + 2;
        while (true)
        {
            var next = At(end) == '_' ? end + 1 : end;
            if (!IsDigit(At(next), radix))
                return end == start + 2 ? -1 : end;
            end = next + 1;
        }
    }

    private static bool IsDigit(byte b, int radix) => radix switch
    {
        'x' => char.IsAsciiHexDigit((char)b),
        'o' => b is >= (byte)'0' and <= (byte)'7',
        _ => b is (byte)'0' or (byte)'1',
    };

    private readonly int Digits(int position)
    {
        var end = position;
        while (true)
        {
            var next = end > position && At(end) == '_' ? end + 1 : end;
            if (!char.IsAsciiDigit((char)At(next)))
                return end;
            end = next + 1;
        }
    }
}
