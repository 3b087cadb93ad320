using System.Buffers;

namespace WireGuardian.Sql.Lexing;

/// <summary>
/// All tokens of a text, parentheses paired, in a rented array. Random access over them is what lets everything above be a loop: nothing
/// recurses into what the text nests.
/// </summary>
public ref struct TokenBuffer
{
    /// <summary>A text with more tokens than this is not read to its end: memory for it would be bounded by nobody.</summary>
    public const int MaxTokens = 4_000_000;

    private Token[] _tokens;

    private TokenBuffer(Token[] tokens) => _tokens = tokens;

    /// <summary>How many tokens there are; the end is none.</summary>
    public int Count { get; private set; }

    /// <summary>False where the text holds what the server reads no token from, or more than fits.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>False where a parenthesis lacks its partner.</summary>
    public bool IsBalanced { get; private set; }

    public readonly ReadOnlySpan<Token> Tokens => _tokens.AsSpan(0, Count);

    public static TokenBuffer Read(ReadOnlySpan<byte> text, bool standardConformingStrings)
    {
        var buffer = new TokenBuffer(ArrayPool<Token>.Shared.Rent(Math.Clamp(text.Length / 4, 64, 1 << 16))) { IsBalanced = true };
        var lexer = new PostgresLexer(text, standardConformingStrings);
        // While a parenthesis is open its Partner links to the next outer one: a stack inside the tokens themselves.
        var open = -1;
        while (true)
        {
            var token = lexer.Next();
            if (token.Kind is TokenKind.End or TokenKind.Error || buffer.Count == MaxTokens)
            {
                buffer.IsComplete = token.Kind == TokenKind.End;
                break;
            }

            if (token.Kind == TokenKind.OpenParenthesis)
            {
                token.Partner = open;
                open = buffer.Count;
            }
            else if (token.Kind == TokenKind.CloseParenthesis)
            {
                if (open < 0)
                {
                    buffer.IsBalanced = false;
                }
                else
                {
                    ref var opening = ref buffer._tokens[open];
                    token.Partner = open;
                    open = opening.Partner;
                    opening.Partner = buffer.Count;
                }
            }

            buffer.Add(token);
        }

        while (open >= 0)
        {
            buffer.IsBalanced = false;
            ref var opening = ref buffer._tokens[open];
            open = opening.Partner;
            opening.Partner = -1;
        }

        return buffer;
    }

    public void Dispose()
    {
        var tokens = _tokens;
        _tokens = [];
        Count = 0;
        if (tokens.Length > 0)
            ArrayPool<Token>.Shared.Return(tokens);
    }

    private void Add(Token token)
    {
        if (Count == _tokens.Length)
        {
            var larger = ArrayPool<Token>.Shared.Rent(_tokens.Length * 2);
            _tokens.AsSpan().CopyTo(larger);
            ArrayPool<Token>.Shared.Return(_tokens);
            _tokens = larger;
        }

        _tokens[Count++] = token;
    }
}
