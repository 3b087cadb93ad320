namespace WireGuardian.Sql.Lexing;

/// <summary>
/// Reads PostgreSQL's tokens (manual, section 4.1) from bytes in an encoding in which every byte below 0x80 is ASCII. Total and linear: any
/// bytes give tokens, an <see cref="TokenKind.Error"/> where the server would read none, and then the end. Where versions 14 to 18
/// differ on text that only some of them accept (<c>0x1F</c>, <c>1_000</c>, <c>$1a</c>), the reading is one under which none of them runs more than what is seen here.
/// </summary>
public ref partial struct PostgresLexer
{
    private static readonly bool[] IdentifierParts = [.. Enumerable.Range(0, 256).Select(b => IsIdentifierStart((byte)b) || char.IsAsciiDigit((char)b) || b == '$')];

    private readonly ReadOnlySpan<byte> _text;
    private readonly bool _standardConformingStrings;
    private int _position;

    // A run of operator characters without sign keepers is cut into many operators; what is known of the run is kept, so that its cost stays linear.
    private int _plainRunEnd;
    private int _plainRunLastUnsigned;

    /// <summary>A NUL byte ends the text, as it does in a message of the protocol.</summary>
    public PostgresLexer(ReadOnlySpan<byte> text, bool standardConformingStrings)
    {
        var nul = text.IndexOf((byte)0);
        _text = nul < 0 ? text : text[..nul];
        _standardConformingStrings = standardConformingStrings;
    }

    /// <summary>The next token; after an error or the last one, the end, again and again.</summary>
    public Token Next()
    {
        if (!SkipBlank())
            return Fail(_position);
        if (_position >= _text.Length)
            return new Token(TokenKind.End, PostgresKeyword.NoKeyword, _text.Length, _text.Length);

        var start = _position;
        var b = _text[start];
        if (IsIdentifierStart(b))
            return Word(start, b);
        if (char.IsAsciiDigit((char)b))
            return Number(start);
        return b switch
        {
            (byte)'\'' => Quoted(start, start, _standardConformingStrings ? TokenKind.String : TokenKind.EscapeString),
            (byte)'"' => QuotedName(start, start, TokenKind.QuotedIdentifier),
            (byte)'$' => Dollar(start),
            (byte)'(' => Take(TokenKind.OpenParenthesis, start, 1),
            (byte)')' => Take(TokenKind.CloseParenthesis, start, 1),
            (byte)'[' => Take(TokenKind.OpenBracket, start, 1),
            (byte)']' => Take(TokenKind.CloseBracket, start, 1),
            (byte)',' => Take(TokenKind.Comma, start, 1),
            (byte)';' => Take(TokenKind.Semicolon, start, 1),
            (byte)':' => At(start + 1) switch
            {
                (byte)':' => Take(TokenKind.Typecast, start, 2),
                (byte)'=' => Take(TokenKind.ColonEquals, start, 2),
                _ => Take(TokenKind.Colon, start, 1),
            },
            (byte)'.' when At(start + 1) == '.' => Take(TokenKind.DotDot, start, 2),
            (byte)'.' when char.IsAsciiDigit((char)At(start + 1)) => Number(start),
            (byte)'.' => Take(TokenKind.Dot, start, 1),
            _ when IsOperatorByte(b) => Operator(start),
            _ => Fail(start),
        };
    }

    internal static bool IsIdentifierStart(byte b) => b >= 0x80 || char.IsAsciiLetter((char)b) || b == '_';

    internal static bool IsIdentifierPart(byte b) => IdentifierParts[b];

    private static bool IsBlank(byte b) => b is (byte)' ' or >= 9 and <= 13;

    private static bool IsNewline(byte b) => b is (byte)'\n' or (byte)'\r';

    /// <summary>The byte at this place, or 0 past the end: no token has a 0 in it.</summary>
    private readonly byte At(int index) => (uint)index < (uint)_text.Length ? _text[index] : (byte)0;

    private Token Take(TokenKind kind, int start, int length) => TakeTo(kind, start, start + length);

    private Token TakeTo(TokenKind kind, int start, int end)
    {
        _position = end;
        return new Token(kind, PostgresKeyword.NoKeyword, start, end);
    }

    private Token Fail(int start)
    {
        _position = _text.Length;
        return new Token(TokenKind.Error, PostgresKeyword.NoKeyword, start, _text.Length);
    }

    /// <summary>Skips whitespace and comments; false in an unterminated comment.</summary>
    private bool SkipBlank()
    {
        while (_position < _text.Length)
        {
            var b = _text[_position];
            if (IsBlank(b))
                _position++;
            else if (b == '-' && At(_position + 1) == '-')
                _position = EndOfLine(_position);
            else if (b != '/' || At(_position + 1) != '*')
                return true;
            else if (!SkipBlockComment())
                return false;
        }

        return true;
    }

    private readonly int EndOfLine(int from)
    {
        var length = _text[from..].IndexOfAny((byte)'\n', (byte)'\r');
        return length < 0 ? _text.Length : from + length;
    }

    /// <summary>Block comments nest.</summary>
    private bool SkipBlockComment()
    {
        var depth = 0;
        while (true)
        {
            var next = _text[_position..].IndexOfAny((byte)'*', (byte)'/');
            if (next < 0)
                return false;
            _position += next;
            if (_text[_position] == '/' && At(_position + 1) == '*')
            {
                depth++;
                _position += 2;
            }
            else if (_text[_position] == '*' && At(_position + 1) == '/')
            {
                _position += 2;
                if (--depth == 0)
                    return true;
            }
            else
            {
                _position++;
            }
        }
    }

    /// <summary>A name, a key word, or the letter in front of a literal.</summary>
    private Token Word(int start, byte first)
    {
        var next = At(start + 1);
        if (next == '\'')
        {
            switch (first | 0x20)
            {
                case 'e':
                    return Quoted(start, start + 1, TokenKind.EscapeString);
                case 'b' or 'x':
                    return Quoted(start, start + 1, TokenKind.BitString);
                case 'n':
                    return Quoted(start, start + 1, _standardConformingStrings ? TokenKind.String : TokenKind.EscapeString);
            }
        }
        else if (next == '&' && (first | 0x20) == 'u')
        {
            if (At(start + 2) == '"')
                return QuotedName(start, start + 2, TokenKind.UnicodeIdentifier);
            // With standard_conforming_strings off the server refuses U&'…'.
            if (At(start + 2) == '\'')
                return _standardConformingStrings ? Quoted(start, start + 2, TokenKind.UnicodeString) : Fail(start);
        }

        var end = start + 1;
        while (end < _text.Length && IsIdentifierPart(_text[end]))
            end++;
        _position = end;
        var keyword = PostgresKeywords.Find(_text[start..end]);
        return new Token(keyword == PostgresKeyword.NoKeyword ? TokenKind.Identifier : TokenKind.Keyword, keyword, start, end);
    }
}
