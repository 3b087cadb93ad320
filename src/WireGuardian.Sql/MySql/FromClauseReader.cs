using WireGuardian.Core.Statements;
using WireGuardian.Sql.Lexing;
using Word = WireGuardian.Sql.Lexing.MySqlKeyword;

namespace WireGuardian.Sql.MySql;

/// <summary>Reads a FROM clause of relations, derived tables and joins; anything else in it (functions, LATERAL, braces) it does not read.</summary>
internal ref struct FromClauseReader(StatementTokens statement, CommonTables? tables, int depth)
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

    /// <summary><c>[db.]name</c>, which may be that of a common table expression.</summary>
    public readonly bool TryReadName(ref int i, List<ResultRelation> relations)
    {
        if (!_statement.IsName(i) || !_statement.TryQualifiedName(i, out var name, out var next) || _statement.IsOpen(next) || next > i + 3)
            return false;
        ResultShape? query = null;
        IReadOnlyList<string>? columns = null;
        if (next == i + 1 && tables is not null && tables.TryFind(name.Name, _statement.Identifier(i)!, out query, out columns) && query is null)
            return false;
        relations.Add(new ResultRelation(name.Name, name) { Query = query, Columns = columns });
        i = next;
        return true;
    }

    /// <summary><c>(a, b, …)</c>: names, folded.</summary>
    public static bool TryReadNames(StatementTokens statement, ref int i, out IReadOnlyList<string>? names)
    {
        var read = new List<string>();
        names = read;
        var end = statement.Next(i) - 1;
        for (i++; i < end; i += 2)
        {
            if (!statement.IsName(i) || statement.Name(i) is not { } name || !(i + 1 == end || statement.Is(i + 1, MySqlTokenKind.Comma)))
                return false;
            read.Add(name);
        }

        i = end + 1;
        return read.Count > 0;
    }

    /// <summary><c>[db.]name [PARTITION (…)] [[AS] alias] [index hints]</c>, <c>(query) [AS] alias [(columns)]</c> or <c>(join)</c>.</summary>
    private bool TryReadRelation(ref int i, List<ResultRelation> relations)
    {
        if (_statement.IsOpen(i))
        {
            return _statement.Keyword(i + 1) is Word.Select or Word.With or Word.Table or Word.Values || _statement.IsOpen(i + 1)
                ? TryReadDerived(ref i, relations)
                : TryReadJoin(ref i, relations);
        }

        if (!TryReadName(ref i, relations))
            return false;
        if (_statement.Is(i, Word.Partition))
        {
            if (!_statement.IsOpen(i + 1))
                return false;
            i = _statement.Next(i + 1);
        }

        if (_statement.Is(i, Word.For) && _statement.Is(i + 1, Word.SystemTime))
            return false;
        if (!TryReadAlias(ref i, out var alias))
            return false;
        if (alias is not null)
            relations[^1] = relations[^1] with { Alias = alias };
        return TrySkipIndexHints(ref i);
    }

    private readonly bool TryReadDerived(ref int i, List<ResultRelation> relations)
    {
        if (ResultShapeReader.Query(_statement.Inside(i), tables, depth + 1) is not { } query)
            return false;
        i = _statement.Next(i);
        if (!TryReadAlias(ref i, out var alias) || alias is null)
            return false;
        IReadOnlyList<string>? columns = null;
        if (_statement.IsOpen(i) && !TryReadNames(_statement, ref i, out columns))
            return false;
        relations.Add(new ResultRelation(alias, new Identifier(null, alias)) { Query = query, Columns = columns });
        return true;
    }

    private bool TryReadJoin(ref int i, List<ResultRelation> relations)
    {
        if (depth >= ResultShapeReader.MostNested)
            return false;
        var inside = _statement.Inside(i);
        var join = new FromClauseReader(inside, tables, depth + 1);
        if (!join.TryRead(inside.Start, relations))
            return false;
        MayMoveColumns |= join.MayMoveColumns;
        i = _statement.Next(i);
        return relations.Count <= MostRelations;
    }

    private readonly bool TryReadAlias(ref int i, out string? alias)
    {
        alias = null;
        if (_statement.Is(i, Word.As))
        {
            alias = _statement.IsName(i + 1) ? _statement.Name(i + 1) : null;
            i += 2;
            return alias is not null;
        }

        if (_statement.IsName(i) && !BeginsClause(_statement.Keyword(i)))
            alias = _statement.Name(i++);
        return true;
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
        or Word.Limit or Word.For or Word.Lock or Word.Window or Word.Union or Word.Except or Word.Intersect;
}
