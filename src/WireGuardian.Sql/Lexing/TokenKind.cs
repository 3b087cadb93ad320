namespace WireGuardian.Sql.Lexing;

/// <summary>What a token is. Whitespace and comments are no tokens.</summary>
public enum TokenKind : byte
{
    /// <summary>The end of the text.</summary>
    End,

    /// <summary>An unquoted name that is no key word.</summary>
    Identifier,

    /// <summary>A key word, whether it is used as one or as a name.</summary>
    Keyword,
    QuotedIdentifier,

    /// <summary><c>U&amp;"…"</c>; a UESCAPE clause may follow as tokens of its own.</summary>
    UnicodeIdentifier,

    /// <summary><c>'…'</c> or <c>N'…'</c> in which a backslash is a character like any other.</summary>
    String,

    /// <summary><c>E'…'</c>, and <c>'…'</c> where standard_conforming_strings is off.</summary>
    EscapeString,

    /// <summary><c>U&amp;'…'</c>.</summary>
    UnicodeString,

    /// <summary><c>B'…'</c> or <c>X'…'</c>.</summary>
    BitString,

    /// <summary><c>$tag$…$tag$</c>.</summary>
    DollarString,

    /// <summary><c>$1</c>.</summary>
    Parameter,
    Number,

    /// <summary>An operator, the one-character ones included.</summary>
    Operator,
    OpenParenthesis,
    CloseParenthesis,
    OpenBracket,
    CloseBracket,
    Comma,
    Dot,
    DotDot,
    Semicolon,
    Colon,

    /// <summary><c>::</c></summary>
    Typecast,

    /// <summary><c>:=</c></summary>
    ColonEquals,

    /// <summary><c>=&gt;</c></summary>
    EqualsGreater,

    /// <summary>Bytes from which the server reads no token: an unterminated literal, a backslash, a brace.</summary>
    Error,
}
