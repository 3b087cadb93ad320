using System.Buffers;
using WireGuardian.Sql.MySql;

namespace WireGuardian.Sql.Lexing;

/// <summary>
/// The tokens of one statement at a time, parentheses paired, in a rented array. Random access over them is what lets everything above be a loop: nothing
/// recurses into what the text nests.
/// </summary>
internal ref struct MySqlTokenBuffer
{
    /// <summary>A statement with more tokens than this is not read to its end: memory for it would be bounded by nobody.</summary>
    public const int MaxTokens = 4_000_000;

    private readonly MySqlSqlSettings _settings;
    private MySqlLexer _lexer;
    private MySqlToken[] _tokens;

    public MySqlTokenBuffer(ReadOnlySpan<byte> text, MySqlSqlSettings settings)
    {
        _settings = settings;
        _lexer = new MySqlLexer(text, settings);
        _tokens = ArrayPool<MySqlToken>.Shared.Rent(Math.Clamp(text.Length / 4, 64, 1 << 16));
        IsComplete = true;
    }

    /// <summary>How many tokens the statement has.</summary>
    public int Count { get; private set; }

    /// <summary>False where the statement holds what the server reads no token from, or more than fits: then nothing behind it is read either.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>False where a parenthesis lacks its partner.</summary>
    public bool IsBalanced { get; private set; }

    /// <summary>True where the statement is made of statements: its semicolons are among the tokens.</summary>
    public bool IsCompound { get; private set; }

    public readonly ReadOnlySpan<MySqlToken> Tokens => _tokens.AsSpan(0, Count);

    /// <summary>Reads the next statement, which may be empty; false behind the last one.</summary>
    public bool Read()
    {
        Count = 0;
        IsBalanced = true;
        IsCompound = false;
        if (!IsComplete)
            return false;
        var splitter = new StatementSplitter(_settings);
        // While a parenthesis is open its Partner links to the next outer one: a stack inside the tokens themselves.
        var open = -1;
        while (true)
        {
            var token = _lexer.Next();
            if (token.Kind == MySqlTokenKind.End)
            {
                if (Count == 0)
                    return false;
                break;
            }

            if (token.Kind == MySqlTokenKind.Error || Count == MaxTokens)
            {
                IsComplete = false;
                Add(token);
                break;
            }

            if (splitter.Ends(token, Tokens))
            {
                _lexer.StartStatement();
                break;
            }

            open = Pair(ref token, open);
            Add(token);
        }

        IsCompound = splitter.IsCompound;
        Close(open);
        return true;
    }

    public void Dispose()
    {
        var tokens = _tokens;
        _tokens = [];
        Count = 0;
        if (tokens.Length > 0)
            ArrayPool<MySqlToken>.Shared.Return(tokens);
    }

    private int Pair(ref MySqlToken token, int open)
    {
        if (token.Kind == MySqlTokenKind.OpenParenthesis)
        {
            token.Partner = open;
            return Count;
        }

        if (token.Kind != MySqlTokenKind.CloseParenthesis)
            return open;
        if (open < 0)
        {
            IsBalanced = false;
            return open;
        }

        ref var opening = ref _tokens[open];
        token.Partner = open;
        var outer = opening.Partner;
        opening.Partner = Count;
        return outer;
    }

    private void Close(int open)
    {
        while (open >= 0)
        {
            IsBalanced = false;
            ref var opening = ref _tokens[open];
            open = opening.Partner;
            opening.Partner = -1;
        }
    }

    private void Add(MySqlToken token)
    {
        if (Count == _tokens.Length)
        {
            var larger = ArrayPool<MySqlToken>.Shared.Rent(_tokens.Length * 2);
            _tokens.AsSpan().CopyTo(larger);
            ArrayPool<MySqlToken>.Shared.Return(_tokens);
            _tokens = larger;
        }

        _tokens[Count++] = token;
    }
}
