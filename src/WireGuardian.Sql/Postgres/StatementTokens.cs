using WireGuardian.Core.Statements;
using WireGuardian.Sql.Lexing;

namespace WireGuardian.Sql.Postgres;

/// <summary>The tokens of one statement, or of a part of one, by their index in the whole text. Past either end there is nothing but the end.</summary>
internal readonly ref struct StatementTokens(ReadOnlySpan<byte> text, ReadOnlySpan<Token> all, int start, int end)
{
    private readonly ReadOnlySpan<Token> _all = all;

    public ReadOnlySpan<byte> Text { get; } = text;

    public int Start { get; } = start;

    public int End { get; } = end;

    public Token this[int index] => index >= Start && index < End ? _all[index] : default;

    public StatementTokens Part(int start, int end) => new(Text, _all, Math.Max(Start, start), Math.Min(End, end));

    public TokenKind Kind(int index) => this[index].Kind;

    public PostgresKeyword Keyword(int index) => this[index].Keyword;

    public bool Is(int index, PostgresKeyword keyword) => this[index].Keyword == keyword;

    public bool Is(int index, PostgresKeyword first, PostgresKeyword second) => Is(index, first) && Is(index + 1, second);

    public bool IsName(int index) => this[index].IsName;

    public bool IsOpen(int index) => Kind(index) == TokenKind.OpenParenthesis;

    public ReadOnlySpan<byte> Bytes(int index) => Text[this[index].Start..this[index].End];

    public bool IsOperator(int index, byte symbol) =>
        Kind(index) == TokenKind.Operator && Bytes(index) is [var only] && only == symbol;

    /// <summary>The name at this place as the server reads it, or null where it is none or unreadable.</summary>
    public string? Name(int index) => index >= Start && index < End ? IdentifierText.Read(Text, _all[index..End]) : null;

    /// <summary>What the string literal at this place says, or null.</summary>
    public byte[]? Literal(int index) => index >= Start && index < End ? LiteralText.Read(Text, _all[index..End]) : null;

    /// <summary>The place behind the token, or behind the whole of a parenthesis.</summary>
    public int Next(int index)
    {
        var token = this[index];
        return token.Kind == TokenKind.OpenParenthesis && token.Partner > index ? token.Partner + 1 : index + 1;
    }

    /// <summary>The first place of a key word outside parentheses, where it does not follow AS or a dot (there it is a name), or -1.</summary>
    public int Find(int from, PostgresKeyword keyword)
    {
        for (var i = from; i < End; i = Next(i))
        {
            if (Is(i, keyword) && !Is(i - 1, PostgresKeyword.As) && Kind(i - 1) != TokenKind.Dot)
                return i;
        }

        return -1;
    }

    /// <summary>Reads <c>a.b.c</c>; gives the last two parts and the place behind it.</summary>
    public bool TryQualifiedName(int index, out Identifier name, out int next)
    {
        name = default;
        next = index;
        if (!IsName(index))
            return false;
        string? qualifier = null;
        var last = Name(index);
        next = index + 1;
        // After a dot any key word is a name.
        while (Kind(next) == TokenKind.Dot && Name(next + 1) is { } part)
        {
            qualifier = last;
            last = part;
            next += 2;
        }

        if (last is null)
            return false;
        name = new Identifier(qualifier, last);
        return true;
    }
}
