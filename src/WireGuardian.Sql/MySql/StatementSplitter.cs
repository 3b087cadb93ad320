using WireGuardian.Sql.Lexing;
using Word = WireGuardian.Sql.Lexing.MySqlKeyword;

namespace WireGuardian.Sql.MySql;

/// <summary>
/// Finds the semicolon that ends a statement, fed token by token. Those between BEGIN and END of a stored program, or of a compound statement of MariaDB's, end none.
/// Where it errs, a statement ends too early: what is taken for the end of a body by mistake leaves more statements to judge, never fewer.
/// </summary>
internal struct StatementSplitter(MySqlSqlSettings settings)
{
    private readonly bool _isMariaDb = settings.IsMariaDb;
    private readonly bool _isOracle = settings.IsMariaDb && settings.Has(MySqlSqlModes.Oracle);
    private Phase _phase;
    private Program _program;
    private CompoundBody? _body;
    private int _depth;
    private bool _hasParameters;

    private enum Phase
    {
        Start,
        Plain,
        MaybeBlock,
        MaybeLabel,
        Create,
        Header,
        BodyStart,
        BodyLabel,
        Body,

        /// <summary>In Oracle's language a body begins and ends otherwise: the rest of the text is taken for it.</summary>
        Rest,
    }

    private enum Program
    {
        None,
        Procedure,
        Function,
        Trigger,
        Event,
    }

    /// <summary>True where the statement has a body of statements.</summary>
    public readonly bool IsCompound => _phase == Phase.Rest || _body is not null;

    /// <summary>True when this token is the semicolon that ends the statement.</summary>
    /// <param name="token">The next token.</param>
    /// <param name="before">The tokens of the statement before it.</param>
    public bool Ends(MySqlToken token, ReadOnlySpan<MySqlToken> before)
    {
        if (token.Kind == MySqlTokenKind.Semicolon)
        {
            if (_phase == Phase.Rest)
                return false;
            if (_phase != Phase.Body || _body!.IsDone)
                return true;
            _body.Take(token, before);
            return false;
        }

        if (_phase == Phase.Body)
        {
            _body!.Take(token, before);
            return false;
        }

        if (token.Kind == MySqlTokenKind.OpenParenthesis)
            _depth++;
        else if (token.Kind == MySqlTokenKind.CloseParenthesis)
            _depth = Math.Max(0, _depth - 1);
        Advance(token, before);
        return false;
    }

    private void Advance(MySqlToken token, ReadOnlySpan<MySqlToken> before)
    {
        switch (_phase)
        {
            case Phase.Start:
                Start(token);
                break;
            case Phase.MaybeBlock when before.Length == 1:
                _phase = token.Is(Word.Not) ? Phase.MaybeBlock : Phase.Plain;
                break;
            case Phase.MaybeBlock:
                _phase = Phase.Plain;
                if (token.Is(Word.Atomic))
                    Begin(Word.Begin);
                break;
            case Phase.MaybeLabel:
                _phase = token.Kind == MySqlTokenKind.Colon ? Phase.BodyStart : Phase.Plain;
                break;
            case Phase.Create:
                Create(token, before);
                break;
            case Phase.Header when _depth == 0 || token.Kind == MySqlTokenKind.OpenParenthesis:
                Header(token, before);
                break;
            case Phase.BodyStart:
                BodyStart(token);
                break;
            case Phase.BodyLabel:
                _phase = token.Kind == MySqlTokenKind.Colon ? Phase.BodyStart : Phase.Plain;
                break;
        }
    }

    private void Start(MySqlToken token)
    {
        _phase = Phase.Plain;
        if (_isOracle && (token.Keyword is Word.Begin or Word.Declare || token.Kind == MySqlTokenKind.Operator))
            _phase = Phase.Rest;
        else if (token.Keyword is Word.Create or Word.Alter)
            _phase = Phase.Create;
        else if (!_isMariaDb)
            return;
        else if (token.Is(Word.Begin))
            _phase = Phase.MaybeBlock;
        else if (CompoundBody.Opens(token.Keyword, _isMariaDb))
            Begin(token.Keyword);
        else if (token.IsName)
            _phase = Phase.MaybeLabel;
    }

    /// <summary>OR REPLACE, DEFINER = … and AGGREGATE may stand before what is made.</summary>
    private void Create(MySqlToken token, ReadOnlySpan<MySqlToken> before)
    {
        var isAlter = before[0].Is(Word.Alter);
        var isValue = before.Length > 2 && before[^1].Kind == MySqlTokenKind.Operator && before[^2].Is(Word.Definer);
        if (isValue)
            return;
        _program = token.Keyword switch
        {
            Word.Procedure when !isAlter => Program.Procedure,
            Word.Function when !isAlter => Program.Function,
            Word.Trigger when !isAlter => Program.Trigger,
            Word.Event => Program.Event,
            _ => Program.None,
        };
        if (_isOracle && (_program != Program.None || token.Keyword is Word.Package))
            _phase = Phase.Rest;
        else if (_program != Program.None)
            _phase = Phase.Header;
        else if (!IsBeforeProgram(token))
            _phase = Phase.Plain;
    }

    private static bool IsBeforeProgram(MySqlToken token) =>
        token.Keyword is Word.Or or Word.Replace or Word.Definer or Word.Aggregate
        || token.Kind is MySqlTokenKind.Operator or MySqlTokenKind.UserVariable or MySqlTokenKind.OpenParenthesis or MySqlTokenKind.CloseParenthesis;

    private void Header(MySqlToken token, ReadOnlySpan<MySqlToken> before)
    {
        switch (_program)
        {
            case Program.Procedure or Program.Function when !_hasParameters:
                _hasParameters = token.Kind == MySqlTokenKind.CloseParenthesis;
                break;
            case Program.Procedure when !IsCharacteristic(token, before):
                BodyStart(token);
                break;
            case Program.Function when token.Kind == MySqlTokenKind.Colon:
                _phase = Phase.BodyStart;
                break;
            case Program.Function when BeginsFunctionBody(token, before):
                BodyStart(token);
                break;
            case Program.Trigger when before[^1].Is(Word.Row) && before.Length > 2 && before[^2].Is(Word.Each) && before[^3].Is(Word.For):
                // FOLLOWS and PRECEDES name another trigger; the body begins behind that name.
                if (token.Keyword is not (Word.Follows or Word.Precedes))
                    BodyStart(token);
                break;
            case Program.Trigger when before.Length > 4 && before[^2].Keyword is Word.Follows or Word.Precedes && before[^3].Is(Word.Row):
                BodyStart(token);
                break;
            case Program.Event when token.Is(Word.Do) && before[^1].Keyword is not (Word.Event or Word.Exists or Word.To):
                _phase = Phase.BodyStart;
                break;
        }
    }

    private static bool IsCharacteristic(MySqlToken token, ReadOnlySpan<MySqlToken> before) =>
        token.Kind is MySqlTokenKind.String or MySqlTokenKind.OpenParenthesis or MySqlTokenKind.CloseParenthesis
        || before[^1].Is(Word.Language)
        || token.Keyword is Word.Comment or Word.Language or Word.Sql or Word.Not or Word.Deterministic or Word.Contains or Word.No or Word.Reads
            or Word.Data or Word.Modifies or Word.Security or Word.Definer or Word.Invoker or Word.Using or Word.As;

    private static bool BeginsFunctionBody(MySqlToken token, ReadOnlySpan<MySqlToken> before) => token.Keyword switch
    {
        Word.Begin or Word.Return or Word.If or Word.Case or Word.Loop or Word.Repeat or Word.While or Word.For => true,
        Word.Select or Word.Insert or Word.Update or Word.Delete or Word.Replace or Word.Call or Word.With => true,
        Word.Set => !before[^1].Is(Word.Character),
        _ => false,
    };

    private void BodyStart(MySqlToken token)
    {
        if (token.Is(Word.Begin) || CompoundBody.Opens(token.Keyword, _isMariaDb))
            Begin(token.Keyword);
        else
            _phase = token.IsName ? Phase.BodyLabel : Phase.Plain;
    }

    private void Begin(Word keyword)
    {
        _phase = Phase.Body;
        _body = new CompoundBody(keyword, _isMariaDb);
    }
}
