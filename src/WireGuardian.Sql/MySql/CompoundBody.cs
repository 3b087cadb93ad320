using WireGuardian.Sql.Lexing;
using Word = WireGuardian.Sql.Lexing.MySqlKeyword;

namespace WireGuardian.Sql.MySql;

/// <summary>
/// Follows the blocks of a body from the word that opens it to the END that closes it. Only a word that can be nothing else opens a block; any END closes one,
/// unless it is plainly a name.
/// </summary>
internal sealed class CompoundBody
{
    private readonly bool _isMariaDb;
    private readonly Stack<Block> _blocks = new();
    private bool _isStart = true;
    private bool _wasStart;
    private bool _wasBegin;
    private bool _isDeclaration;
    private bool _isHandler;
    private bool _areConditions;
    private int _depth;

    public CompoundBody(Word opening, bool isMariaDb)
    {
        _isMariaDb = isMariaDb;
        _blocks.Push(Of(opening));
        _isStart = opening is Word.Begin or Word.Loop or Word.Repeat;
    }

    private enum Block : byte
    {
        Begin,
        Condition,
        Loop,

        /// <summary>WHILE or FOR before its DO.</summary>
        LoopHeader,
        Expression,
    }

    /// <summary>True behind the END that closes the body.</summary>
    public bool IsDone => _blocks.Count == 0;

    /// <summary>True for the words that open a block at the start of a statement, BEGIN left out.</summary>
    public static bool Opens(Word keyword, bool isMariaDb) =>
        keyword is Word.If or Word.Case or Word.Loop or Word.Repeat or Word.While || (isMariaDb && keyword is Word.For);

    public void Take(MySqlToken token, ReadOnlySpan<MySqlToken> before)
    {
        if (IsDone)
            return;
        if (token.Kind == MySqlTokenKind.Semicolon)
        {
            _isStart = true;
            _depth = 0;
            _isDeclaration = _isHandler = _areConditions = false;
            return;
        }

        if (token.Kind == MySqlTokenKind.OpenParenthesis)
            _depth++;
        else if (token.Kind == MySqlTokenKind.CloseParenthesis)
            _depth = Math.Max(0, _depth - 1);
        else if (_depth == 0)
            Follow(token, before);
        if (token.Kind is MySqlTokenKind.OpenParenthesis)
            (_wasStart, _isStart, _wasBegin) = (false, false, false);
    }

    private void Follow(MySqlToken token, ReadOnlySpan<MySqlToken> before)
    {
        var isLabel = token.Kind == MySqlTokenKind.Colon && _wasStart;
        if (isLabel && _wasBegin)
            _blocks.Pop();
        if (_areConditions && !IsCondition(token, before[^1]))
        {
            _areConditions = false;
            _isStart = true;
        }

        var isStart = _isStart;
        (_wasStart, _isStart, _wasBegin) = (isStart, isLabel, false);
        switch (token.Keyword)
        {
            case Word.Case when !before[^1].Is(Word.End):
                _blocks.Push(isStart && _blocks.Peek() != Block.Expression ? Block.Condition : Block.Expression);
                break;
            case Word.End when !before[^1].Is(Word.As) || isStart:
                _blocks.Pop();
                break;
            case var _ when _blocks.Peek() == Block.Expression:
                break;
            case Word.Begin when isStart:
                _blocks.Push(Block.Begin);
                (_isStart, _wasBegin) = (true, true);
                break;
            case Word.Then or Word.Else when _blocks.Peek() == Block.Condition:
                _isStart = true;
                break;
            case Word.Do when _blocks.Peek() == Block.LoopHeader:
                _blocks.Pop();
                _blocks.Push(Block.Loop);
                _isStart = true;
                break;
            case Word.Declare when isStart:
                _isDeclaration = true;
                break;
            case Word.Handler when _isDeclaration:
                _isHandler = true;
                break;
            case Word.For when _isHandler:
                (_isHandler, _isDeclaration, _areConditions) = (false, false, true);
                break;
            case var word when isStart && Opens(word, _isMariaDb):
                _blocks.Push(Of(word));
                _isStart = word is Word.Loop or Word.Repeat;
                break;
        }
    }

    /// <summary>What a handler is for; the first token that is none of it begins the handler's statement.</summary>
    private static bool IsCondition(MySqlToken token, MySqlToken before) =>
        token.Kind is MySqlTokenKind.Number or MySqlTokenKind.String or MySqlTokenKind.Comma
        || token.Keyword is Word.Sqlexception or Word.Sqlwarning or Word.Not or Word.Found or Word.Sqlstate or Word.Value
        || (token.IsName && (before.Is(Word.For) || before.Kind == MySqlTokenKind.Comma));

    private static Block Of(Word keyword) => keyword switch
    {
        Word.Begin => Block.Begin,
        Word.If or Word.Case => Block.Condition,
        Word.While or Word.For => Block.LoopHeader,
        _ => Block.Loop,
    };
}
