namespace WireGuardian.Sql.Lexing;

/// <summary>What a token of MySQL's is. Whitespace and comments are no tokens; what an executable comment holds is.</summary>
public enum MySqlTokenKind : byte
{
    /// <summary>The end of the text.</summary>
    End,

    /// <summary>An unquoted word: a key word or a name.</summary>
    Word,

    /// <summary><c>`…`</c>, and <c>"…"</c> under ANSI_QUOTES.</summary>
    QuotedIdentifier,

    /// <summary><c>'…'</c>, <c>N'…'</c>, <c>$$…$$</c>, and <c>"…"</c> without ANSI_QUOTES.</summary>
    String,

    /// <summary><c>X'…'</c>, <c>B'…'</c>, <c>0x…</c>, <c>0b…</c>.</summary>
    BinaryString,
    Number,

    /// <summary>MariaDB's <c>\N</c>.</summary>
    NullLiteral,

    /// <summary><c>?</c></summary>
    Parameter,

    /// <summary><c>@name</c>, <c>@`name`</c>, <c>@'name'</c>; also the host of an account.</summary>
    UserVariable,

    /// <summary><c>@@</c>, in front of the words that name a system variable.</summary>
    SystemVariable,

    /// <summary>One character of an operator.</summary>
    Operator,
    OpenParenthesis,
    CloseParenthesis,
    OpenBrace,
    CloseBrace,
    Comma,
    Dot,
    DotDot,
    Semicolon,
    Colon,

    /// <summary><c>:=</c></summary>
    ColonEquals,

    /// <summary>Bytes from which the server reads no token, or that cannot be read safely.</summary>
    Error,
}
