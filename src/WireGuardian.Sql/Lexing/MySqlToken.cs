using System.Runtime.InteropServices;

namespace WireGuardian.Sql.Lexing;

/// <summary>One token of MySQL's: what it is and where its bytes are.</summary>
[StructLayout(LayoutKind.Auto)]
public struct MySqlToken(MySqlTokenKind kind, MySqlKeyword keyword, int start, int end)
{
    public MySqlTokenKind Kind { get; } = kind;

    /// <summary>Which key word, or NoKeyword; a word next to a dot is none.</summary>
    public MySqlKeyword Keyword { get; } = keyword;

    /// <summary>Its first byte.</summary>
    public int Start { get; } = start;

    /// <summary>One past its last byte.</summary>
    public int End { get; } = end;

    /// <summary>For a parenthesis: the index of the other one, or -1 where there is none.</summary>
    public int Partner { get; internal set; } = -1;

    /// <summary>True where the bytes hold a value that a user may have typed.</summary>
    public readonly bool IsLiteral =>
        Kind is MySqlTokenKind.String or MySqlTokenKind.BinaryString or MySqlTokenKind.Number or MySqlTokenKind.NullLiteral;

    /// <summary>True where the token can be the name of something: quoted, or a word that is not reserved by both servers.</summary>
    public readonly bool IsName =>
        Kind == MySqlTokenKind.QuotedIdentifier || (Kind == MySqlTokenKind.Word && !Keyword.IsReserved());

    /// <summary>True where the token is this key word.</summary>
    public readonly bool Is(MySqlKeyword keyword) => Keyword == keyword;
}
