using WireGuardian.Sql.Lexing;
using Word = WireGuardian.Sql.Lexing.MySqlKeyword;

namespace WireGuardian.Sql.MySql;

/// <summary>Reads a FROM clause of plain relations and joins; anything else in it (subqueries, functions, parentheses) it does not read.</summary>
internal ref struct FromClauseReader(StatementTokens statement)
{
    /// <summary>More relations than a join can have.</summary>
    private const int MostRelations = 128;

    private readonly StatementTokens _statement = statement;

    /// <summary>True where a star may give the columns in another order or number: NATURAL, USING, RIGHT.</summary>
    public bool MayMoveColumns { get; private set; }

    public bool TryRead(int index, List<ResultRelation> relations)
    {
        if (_statement.Is(index, Word.Dual))
            return IsEnd(index + 1);
        var i = index;
        while (true)
        {
            if (relations.Count == MostRelations || !TryReadRelation(ref i, relations))
                return false;
            SkipCondition(ref i);
            if (IsEnd(i))
                return true;
            if (!TrySkipJoin(ref i))
                return false;
        }
    }

    /// <summary><c>[db.]name [PARTITION (…)] [FOR SYSTEM_TIME …] [[AS] alias] [index hints]</c>.</summary>
    private readonly bool TryReadRelation(ref int i, List<ResultRelation> relations)
    {
        if (!_statement.TryQualifiedName(i, out var name, out var next) || _statement.IsOpen(next) || next > i + 3)
            return false;
        i = next;
        if (_statement.Is(i, Word.Partition))
        {
            if (!_statement.IsOpen(i + 1))
                return false;
            i = _statement.Next(i + 1);
        }

        if (_statement.Is(i, Word.For) && _statement.Is(i + 1, Word.SystemTime))
            return false;
        var alias = name.Name;
        if (_statement.Is(i, Word.As))
        {
            if (!_statement.IsName(i + 1) || _statement.Name(i + 1) is not { } text)
                return false;
            alias = text;
            i += 2;
        }
        else if (_statement.IsName(i) && !BeginsClause(_statement.Keyword(i)) && _statement.Name(i) is { } text)
        {
            alias = text;
            i++;
        }

        relations.Add(new ResultRelation(alias, name));
        return TrySkipIndexHints(ref i);
    }

    /// <summary>Words that both servers, or one of them, take for the begin of something else behind a relation.</summary>
    private static bool BeginsClause(Word keyword) =>
        keyword is Word.Window or Word.Offset or Word.Tablesample or Word.Qualify or Word.Lateral or Word.Minus or Word.Returning or Word.Rows;

    private readonly bool TrySkipIndexHints(ref int i)
    {
        while (_statement.Keyword(i) is Word.Use or Word.Force or Word.Ignore)
        {
            if (_statement.Keyword(i + 1) is not (Word.Index or Word.Key))
                return false;
            i += 2;
            if (_statement.Is(i, Word.For))
                i += _statement.Keyword(i + 1) is Word.Join ? 2 : 3;
            if (!_statement.IsOpen(i))
                return false;
            i = _statement.Next(i);
            if (_statement.Is(i, MySqlTokenKind.Comma) && _statement.Keyword(i + 1) is Word.Use or Word.Force or Word.Ignore)
                i++;
        }

        return true;
    }

    /// <summary>ON and its condition, or USING and its columns; after nested joins there are several.</summary>
    private void SkipCondition(ref int i)
    {
        while (_statement.Keyword(i) is Word.On or Word.Using)
        {
            if (_statement.Is(i, Word.Using))
                MayMoveColumns = true;
            i++;
            while (i < _statement.End && !EndsCondition(i))
                i = _statement.Next(i);
        }
    }

    private readonly bool EndsCondition(int index)
    {
        if (_statement.Is(index - 1, MySqlTokenKind.Dot))
            return false;
        return _statement.Keyword(index) switch
        {
            // LEFT(…) and RIGHT(…) are functions.
            Word.Left or Word.Right => !_statement.IsOpen(index + 1),
            Word.Join or Word.Inner or Word.Cross or Word.StraightJoin or Word.Natural or Word.On or Word.Using => true,
            _ => _statement.Is(index, MySqlTokenKind.Comma) || IsEnd(index),
        };
    }

    /// <summary>The comma or the words of a join between two relations.</summary>
    private bool TrySkipJoin(ref int i)
    {
        if (_statement.Is(i, MySqlTokenKind.Comma) || _statement.Is(i, Word.StraightJoin))
        {
            i++;
            return true;
        }

        while (_statement.Keyword(i) is Word.Natural or Word.Inner or Word.Cross or Word.Left or Word.Right or Word.Outer)
        {
            MayMoveColumns |= _statement.Keyword(i) is Word.Natural or Word.Right;
            i++;
        }

        return _statement.Is(i++, Word.Join);
    }

    private readonly bool IsEnd(int index) => index >= _statement.End || _statement.Keyword(index) is Word.Where or Word.Group or Word.Having or Word.Order
        or Word.Limit or Word.For or Word.Lock or Word.Window;
}
