using WireGuardian.Core.Statements;
using WireGuardian.Sql.Lexing;
using Word = WireGuardian.Sql.Lexing.PostgresKeyword;

namespace WireGuardian.Sql.Postgres;

/// <summary>
/// Reads trigger functions that do nothing but set columns of the row, under conditions or not, and return it: <c>BEGIN NEW.a := …; IF … THEN … END IF;
/// RETURN NEW; END</c>. Anything else in the body, a variable too, and it is not known what becomes of values in it.
/// </summary>
internal ref struct RowAssignments(StatementTokens body, PostgresSqlSettings settings)
{
    private readonly StatementTokens _body = body;
    private readonly PostgresSqlSettings _settings = settings;
    private readonly List<(string Column, StatementDraft Value)> _values = [];
    private readonly HashSet<Identifier> _conditions = [];
    private readonly HashSet<string> _conditionOperators = new(StringComparer.Ordinal);
    private int _at = body.Start;

    /// <summary>The assignments; null where the body is not of this form.</summary>
    public static IReadOnlyList<RowAssignment>? Read(StatementTokens body, PostgresSqlSettings settings) => new RowAssignments(body, settings).Read();

    private List<RowAssignment>? Read()
    {
        if (!_body.Is(_at++, Word.Begin))
            return null;
        while (!IsLastEnd())
        {
            if (!TryStatement())
                return null;
        }
        var (conditions, operators) = (_conditions, _conditionOperators);
        return _values.ConvertAll(one => new RowAssignment(
            one.Column, one.Value.Identifiers.Concat(conditions).ToHashSet(), one.Value.Operators.Concat(operators).ToHashSet(StringComparer.Ordinal)));
    }

    private readonly bool IsLastEnd()
    {
        var end = _body.Kind(_body.End - 1) == TokenKind.Semicolon ? _body.End - 2 : _body.End - 1;
        return _at == end && _body.Is(_at, Word.End);
    }

    private bool TryStatement()
    {
        switch (_body.Keyword(_at))
        {
            case Word.New:
                return TryAssignment();
            case Word.If:
                return TryCondition();
            case Word.Else:
                _at++;
                return true;
            case Word.End when _body.Is(_at + 1, Word.If) && _body.Kind(_at + 2) == TokenKind.Semicolon:
                _at += 3;
                return true;
            case Word.Return when _body.Keyword(_at + 1) is Word.New or Word.Old or Word.Null && _body.Kind(_at + 2) == TokenKind.Semicolon:
                _at += 3;
                return true;
            default:
                return _body.Kind(_at) == TokenKind.Identifier && _body.Name(_at) is "elsif" or "elseif" && TryCondition();
        }
    }

    private bool TryAssignment()
    {
        var sign = _at + 3;
        if (_body.Kind(_at + 1) != TokenKind.Dot || _body.Name(_at + 2) is not { } column)
            return false;
        if (_body.Kind(sign) != TokenKind.ColonEquals && !_body.IsOperator(sign, (byte)'='))
            return false;
        var end = sign + 1;
        while (end < _body.End && _body.Kind(end) != TokenKind.Semicolon)
            end = _body.Next(end);
        if (end == sign + 1)
            return false;
        var value = new StatementDraft(_settings, depth: int.MaxValue);
        NameSweep.Run(_body.Part(sign, end), value);
        _values.Add((column, value));
        _at = end + 1;
        return !value.IsOpaque;
    }

    /// <summary>What a condition reads shows in what is set under it.</summary>
    private bool TryCondition()
    {
        var from = _at++;
        while (_at < _body.End && !_body.Is(_at, Word.Then))
        {
            if (_body.Is(_at, Word.Case) || _body.Kind(_at) == TokenKind.Semicolon)
                return false;
            var past = PastComparison(_at);
            if (past == _at)
            {
                _at++;
                continue;
            }
            if (!TryCondition(from, _at))
                return false;
            from = _at = past;
        }
        return TryCondition(from, _at++);
    }

    private readonly bool TryCondition(int from, int to)
    {
        var condition = new StatementDraft(_settings, depth: int.MaxValue);
        NameSweep.Run(_body.Part(from, to), condition);
        _conditions.UnionWith(condition.Identifiers);
        _conditionOperators.UnionWith(condition.Operators);
        return !condition.IsOpaque;
    }

    /// <summary>The place behind <c>NEW.a IS DISTINCT FROM OLD.a</c> or <c>NEW.a IS NULL</c>: that a column has changed, or is empty, is not its value.</summary>
    private readonly int PastComparison(int index)
    {
        var isOperand = _body.Keyword(index - 1) is Word.If or Word.And or Word.Or or Word.Not || _body.IsOpen(index - 1);
        if (!isOperand || ColumnAt(index) is not { } column || !_body.Is(index + 3, Word.Is))
            return index;
        var next = _body.Is(index + 4, Word.Not) ? index + 5 : index + 4;
        if (_body.Is(next, Word.Null))
            next++;
        else if (_body.Is(next, Word.Distinct, Word.From) && ColumnAt(next + 2) == column)
            next += 5;
        else
            return index;
        return _body.Keyword(next) is Word.Then or Word.And or Word.Or || _body.Kind(next) == TokenKind.CloseParenthesis ? next : index;
    }

    private readonly string? ColumnAt(int index) =>
        _body.Keyword(index) is Word.New or Word.Old && _body.Kind(index + 1) == TokenKind.Dot ? _body.Name(index + 2) : null;
}
