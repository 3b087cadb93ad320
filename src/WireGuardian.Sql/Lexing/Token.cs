using System.Runtime.InteropServices;

namespace WireGuardian.Sql.Lexing;

/// <summary>One token: what it is and where its bytes are.</summary>
[StructLayout(LayoutKind.Auto)]
public struct Token
{
    public Token(TokenKind kind, PostgresKeyword keyword, int start, int end)
    {
        Kind = kind;
        Keyword = keyword;
        Start = start;
        End = end;
        Partner = -1;
    }

    public TokenKind Kind { get; }

    /// <summary>Which key word, or None.</summary>
    public PostgresKeyword Keyword { get; }

    /// <summary>Its first byte.</summary>
    public int Start { get; }

    /// <summary>One past its last byte.</summary>
    public int End { get; }

    /// <summary>For a parenthesis: the index of the other one, or -1 where there is none.</summary>
    public int Partner { get; internal set; }

    /// <summary>True for every kind of string literal; bit strings are none.</summary>
    public readonly bool IsString =>
        Kind is TokenKind.String or TokenKind.EscapeString or TokenKind.UnicodeString or TokenKind.DollarString;

    /// <summary>True where the bytes hold a value that a user may have typed.</summary>
    public readonly bool IsLiteral => IsString || Kind is TokenKind.BitString or TokenKind.Number;

    /// <summary>True where the token can be the name of something: quoted, plain, or a key word that is not reserved.</summary>
    public readonly bool IsName => Kind switch
    {
        TokenKind.Identifier or TokenKind.QuotedIdentifier or TokenKind.UnicodeIdentifier => true,
        TokenKind.Keyword => !Keyword.IsReserved(),
        _ => false,
    };

    /// <summary>True where the token is this key word.</summary>
    public readonly bool Is(PostgresKeyword keyword) => Keyword == keyword;
}
