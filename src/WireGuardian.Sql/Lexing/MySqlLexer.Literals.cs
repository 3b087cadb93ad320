using WireGuardian.Sql.MySql;

namespace WireGuardian.Sql.Lexing;

public ref partial struct MySqlLexer
{
    /// <summary>To the closing quote; a doubled one is none, nor is one behind a backslash, unless NO_BACKSLASH_ESCAPES is on.</summary>
    private MySqlToken Quoted(int start, int open, MySqlTokenKind kind)
    {
        var quote = _text[open];
        var hasEscapes = !_settings.Has(MySqlSqlModes.NoBackslashEscapes);
        var i = open + 1;
        while (i < _text.Length)
        {
            var next = hasEscapes ? _text[i..].IndexOfAny(quote, (byte)'\\') : _text[i..].IndexOf(quote);
            if (next < 0)
                break;
            i += next;
            if (_text[i] == quote && At(i + 1) != quote)
                return TakeTo(kind, start, i + 1);
            i += 2;
        }

        return Fail(start);
    }

    /// <summary><c>x'…'</c> with an even number of digits, or <c>b'…'</c>.</summary>
    private MySqlToken Digits(int start, bool hex)
    {
        var end = start + 2;
        while (hex ? char.IsAsciiHexDigit((char)At(end)) : At(end) is (byte)'0' or (byte)'1')
            end++;
        if (At(end) != '\'' || (hex && (end - start) % 2 != 0))
            return Fail(start);
        return TakeTo(MySqlTokenKind.BinaryString, start, end + 1);
    }

    /// <summary>The length of <c>$tag$</c>, or 0 where there is none. Only MySQL has them.</summary>
    private readonly int DollarTag(int start)
    {
        var end = start + 1;
        while (At(end) != '$' && IsNamePart(At(end)))
            end++;
        return At(end) == '$' ? end + 1 - start : 0;
    }

    private MySqlToken DollarString(int start, int tag)
    {
        var end = _text[(start + tag)..].IndexOf(_text.Slice(start, tag));
        return end < 0 ? Fail(start) : TakeTo(MySqlTokenKind.String, start, start + tag + end + tag);
    }

    /// <summary>A number, or a name that begins with digits (<c>1abc</c>, <c>0X1F</c>, <c>1e</c>).</summary>
    private MySqlToken Number(int start)
    {
        if (_text[start] == '0' && At(start + 1) is (byte)'x' or (byte)'b')
        {
            var isHex = At(start + 1) == 'x';
            var last = start + 2;
            while (isHex ? char.IsAsciiHexDigit((char)At(last)) : At(last) is (byte)'0' or (byte)'1')
                last++;
            return last > start + 2 && !IsNamePart(At(last)) ? TakeTo(MySqlTokenKind.BinaryString, start, last) : Name(start, start);
        }

        var end = start;
        while (char.IsAsciiDigit((char)At(end)))
            end++;
        if (At(end) == '.' && !(_settings.IsMariaDb && At(end + 1) == '.'))
            return Real(start, end);
        if (!IsNamePart(At(end)))
            return TakeTo(MySqlTokenKind.Number, start, end);
        var exponent = Exponent(end);
        return exponent > 0 ? TakeTo(MySqlTokenKind.Number, start, exponent) : Name(start, start);
    }

    /// <summary>From the dot on. An exponent without digits makes no token.</summary>
    private MySqlToken Real(int start, int dot)
    {
        var end = dot + 1;
        while (char.IsAsciiDigit((char)At(end)))
            end++;
        if (At(end) is not ((byte)'e' or (byte)'E'))
            return TakeTo(MySqlTokenKind.Number, start, end);
        var exponent = Exponent(end);
        return exponent > 0 ? TakeTo(MySqlTokenKind.Number, start, exponent) : Fail(start);
    }

    /// <summary>The end of an exponent that begins here, or 0.</summary>
    private readonly int Exponent(int index)
    {
        if (At(index) is not ((byte)'e' or (byte)'E'))
            return 0;
        var end = index + 1;
        if (At(end) is (byte)'+' or (byte)'-')
            end++;
        if (!char.IsAsciiDigit((char)At(end)))
            return 0;
        while (char.IsAsciiDigit((char)At(end)))
            end++;
        return end;
    }
}
