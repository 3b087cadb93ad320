using WireGuardian.Core.Statements;
using WireGuardian.Sql.Lexing;

namespace WireGuardian.Sql.MySql;

/// <summary>The tokens of one statement, or of a part of one, by their index in the statement. Past either end there is nothing but the end.</summary>
internal readonly ref struct StatementTokens(ReadOnlySpan<byte> text, ReadOnlySpan<MySqlToken> all, int start, int end, MySqlSqlSettings settings)
{
    private readonly ReadOnlySpan<MySqlToken> _all = all;

    public ReadOnlySpan<byte> Text { get; } = text;

    public int Start { get; } = start;

    public int End { get; } = end;

    public MySqlSqlSettings Settings { get; } = settings;

    public MySqlToken this[int index] => index >= Start && index < End ? _all[index] : default;

    public StatementTokens Part(int start, int end) => new(Text, _all, Math.Max(Start, start), Math.Min(End, end), Settings);

    /// <summary>What stands between a parenthesis and its partner.</summary>
    public StatementTokens Inside(int open) => Part(open + 1, Next(open) - 1);

    public MySqlTokenKind Kind(int index) => this[index].Kind;

    public MySqlKeyword Keyword(int index) => this[index].Keyword;

    public bool Is(int index, MySqlKeyword keyword) => this[index].Keyword == keyword;

    public bool Is(int index, MySqlKeyword first, MySqlKeyword second) => Is(index, first) && Is(index + 1, second);

    public bool Is(int index, MySqlTokenKind kind) => Kind(index) == kind;

    public bool IsName(int index) => this[index].IsName;

    public bool IsOpen(int index) => Kind(index) == MySqlTokenKind.OpenParenthesis;

    public bool IsClose(int index) => Kind(index) == MySqlTokenKind.CloseParenthesis;

    public ReadOnlySpan<byte> Bytes(int index) => Text[this[index].Start..this[index].End];

    public bool IsOperator(int index, byte symbol) =>
        Kind(index) == MySqlTokenKind.Operator && Bytes(index) is [var only] && only == symbol;

    /// <summary>The name at this place, folded, or null where it is none.</summary>
    public string? Name(int index) => index >= Start && index < End ? MySqlTokenText.Name(Text, _all[index]) : null;

    /// <summary>The name at this place as it is written, or null where it is none.</summary>
    public string? Identifier(int index) => index >= Start && index < End ? MySqlTokenText.Unquoted(Text, _all[index]) : null;

    /// <summary>The user variable at this place, folded, or null where it is none.</summary>
    public string? Variable(int index) => index >= Start && index < End ? MySqlTokenText.Variable(Text, _all[index], Settings) : null;

    /// <summary>What the string literal at this place says, or null.</summary>
    public byte[]? Literal(int index) => index >= Start && index < End ? MySqlTokenText.Literal(Text, _all[index], Settings) : null;

    /// <summary>The place behind the token, or behind the whole of a parenthesis.</summary>
    public int Next(int index)
    {
        var token = this[index];
        return token.Kind == MySqlTokenKind.OpenParenthesis && token.Partner > index ? token.Partner + 1 : index + 1;
    }

    /// <summary>The first place of a key word outside parentheses, where it does not follow AS or a dot (there it is a name), or -1.</summary>
    public int Find(int from, MySqlKeyword keyword)
    {
        for (var i = from; i < End; i = Next(i))
        {
            if (Is(i, keyword) && !Is(i - 1, MySqlKeyword.As) && Kind(i - 1) != MySqlTokenKind.Dot)
                return i;
        }

        return -1;
    }

    /// <summary>Reads <c>a.b.c</c> or <c>.a</c>; gives the last two parts and the place behind it.</summary>
    public bool TryQualifiedName(int index, out Identifier name, out int next)
    {
        name = default;
        next = Kind(index) == MySqlTokenKind.Dot ? index + 1 : index;
        if (!IsName(next))
            return false;
        string? qualifier = null;
        var last = Name(next);
        next++;
        while (Kind(next) == MySqlTokenKind.Dot && Name(next + 1) is { } part)
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
