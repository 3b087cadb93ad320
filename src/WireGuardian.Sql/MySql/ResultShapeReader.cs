using WireGuardian.Sql.Lexing;
using Word = WireGuardian.Sql.Lexing.MySqlKeyword;

namespace WireGuardian.Sql.MySql;

/// <summary>
/// Reads the shape of a result, where the text alone tells it. It takes only what it knows to the last token: a form that is not
/// listed here has no shape.
/// </summary>
internal static class ResultShapeReader
{
    /// <summary>Queries inside queries further than this have no shape.</summary>
    public const int MostNested = 16;

    private const int MostBlocks = 256;

    /// <summary>The shape of a query, WITH and all; null where the text does not prove it.</summary>
    public static ResultShape? Query(StatementTokens query, CommonTables? outer = null, int depth = 0)
    {
        var i = query.Start;
        var tables = outer;
        if (depth > MostNested || (query.Is(i, Word.With) && !TryReadWith(query, ref i, depth, ref tables)))
            return null;
        var blocks = new List<ResultBlock>();
        while (true)
        {
            if (blocks.Count >= MostBlocks || !TryReadTerm(query, ref i, tables, depth, blocks))
                return null;
            if (i >= query.End)
                return new ResultShape(blocks);
            if (!IsSetOperator(query.Keyword(i)))
                return TailEnds(query, i) && EndOfBlock(query, i) == query.End ? new ResultShape(blocks) : null;
            i++;
            if (query.Keyword(i) is Word.All or Word.Distinct)
                i++;
        }
    }

    /// <summary>The shape of MariaDB's INSERT, REPLACE or DELETE … RETURNING; the relation is the one that is written.</summary>
    public static ResultShape? Returning(StatementTokens statement, int verb, int returning)
    {
        var i = verb + 1;
        while (statement.Keyword(i) is Word.LowPriority or Word.HighPriority or Word.Delayed or Word.Ignore or Word.Quick or Word.Into or Word.From)
            i++;
        if (verb != statement.Start || !statement.TryQualifiedName(i, out var target, out var next))
            return null;
        // DELETE t FROM … and DELETE FROM t USING … name several; an alias is not worth its trouble.
        if (statement.Is(verb, Word.Delete) && !(next == returning || statement.Keyword(next) is Word.Where or Word.Order or Word.Limit))
            return null;
        return Items(statement, returning + 1, statement.End, null, 0, mayMoveColumns: false) is { } items
            ? new ResultShape([new ResultBlock(items, [new ResultRelation(target.Name, target)])])
            : null;
    }

    /// <summary><c>WITH [RECURSIVE] name [(columns)] AS (query) [, …]</c>. One that names itself, or one that comes after it, has no shape.</summary>
    private static bool TryReadWith(StatementTokens query, ref int i, int depth, ref CommonTables? tables)
    {
        var own = new CommonTables(tables);
        tables = own;
        i++;
        if (query.Is(i, Word.Recursive))
            i++;
        var bodies = new List<(string Name, int Open, IReadOnlyList<string>? Columns)>();
        while (true)
        {
            if (!query.IsName(i) || query.Name(i) is not { } name || !own.TryDeclare(name, query.Identifier(i)!))
                return false;
            i++;
            IReadOnlyList<string>? columns = null;
            if (query.IsOpen(i) && !FromClauseReader.TryReadNames(query, ref i, out columns))
                return false;
            if (!query.Is(i, Word.As) || !query.IsOpen(i + 1))
                return false;
            bodies.Add((name, i + 1, columns));
            i = query.Next(i + 1);
            if (!query.Is(i, MySqlTokenKind.Comma))
                break;
            i++;
        }

        foreach (var (name, open, columns) in bodies)
            own.Define(name, Query(query.Inside(open), own, depth + 1), columns);
        return true;
    }

    /// <summary>SELECT, TABLE, or a query in parentheses.</summary>
    private static bool TryReadTerm(StatementTokens query, ref int i, CommonTables? tables, int depth, List<ResultBlock> blocks)
    {
        if (query.IsOpen(i))
        {
            if (Query(query.Inside(i), tables, depth + 1) is not { } inner)
                return false;
            blocks.AddRange(inner.Blocks);
            i = query.Next(i);
            return true;
        }

        var block = query.Keyword(i) switch
        {
            Word.Select => Select(query, ref i, tables, depth),
            Word.Table => Table(query, ref i, tables),
            _ => null,
        };
        if (block is null)
            return false;
        blocks.Add(block);
        return true;
    }

    private static ResultBlock? Select(StatementTokens query, ref int i, CommonTables? tables, int depth)
    {
        if (!TrySkipOptions(query, i + 1, out var first))
            return null;
        var end = EndOfItems(query, first);
        var relations = new List<ResultRelation>();
        var from = new FromClauseReader(query, tables, depth);
        if (end < 0 || (query.Is(end, Word.From) && !from.TryRead(end + 1, relations)))
            return null;
        i = EndOfBlock(query, end);
        return i >= 0 && Items(query, first, end, tables, depth, from.MayMoveColumns) is { } items ? new ResultBlock(items, relations) : null;
    }

    /// <summary><c>TABLE t [ORDER BY …] [LIMIT …]</c>.</summary>
    private static ResultBlock? Table(StatementTokens query, ref int i, CommonTables? tables)
    {
        var relations = new List<ResultRelation>();
        var from = new FromClauseReader(query, tables, 0);
        var end = i + 1;
        if (!from.TryReadName(ref end, relations))
            return null;
        i = EndOfBlock(query, end);
        return i == end || (i > end && query.Keyword(end) is Word.Order or Word.Limit)
            ? new ResultBlock([new ResultItem(ResultItemKind.Star)], relations)
            : null;
    }

    /// <summary>DISTINCT and its like stand before the items.</summary>
    private static bool TrySkipOptions(StatementTokens query, int index, out int items)
    {
        for (items = index; ; items++)
        {
            switch (query.Keyword(items))
            {
                case Word.All or Word.Distinct or Word.Distinctrow or Word.HighPriority or Word.StraightJoin or Word.SqlBigResult or Word.SqlSmallResult
                    or Word.SqlCalcFoundRows:
                    continue;
                // Not reserved, but behind SELECT neither server takes them for names.
                case Word.SqlNoCache or Word.SqlBufferResult:
                    continue;
                // An option on one server, a name on the other.
                case Word.SqlCache:
                    return false;
                default:
                    // Nor do they where a dot follows, which makes a name of it for the lexer.
                    return !(query.Is(items, MySqlTokenKind.Word) && query.Is(items + 1, MySqlTokenKind.Dot) && query.Name(items)!.StartsWith("sql_", StringComparison.Ordinal));
            }
        }
    }

    /// <summary>Where the select list ends: at FROM, at a clause that can do without FROM, or at the end. -1 where there is a word that does not belong.</summary>
    private static int EndOfItems(StatementTokens query, int index)
    {
        for (var i = index; i < query.End; i = query.Next(i))
        {
            if (query.Is(i - 1, MySqlTokenKind.Dot))
                continue;
            var word = query.Keyword(i);
            if (IsSetOperator(word) || word is Word.From or Word.Where or Word.Group or Word.Having or Word.Order or Word.Limit)
                return i;
            if (word is Word.Into or Word.Select)
                return -1;
        }

        return query.End;
    }

    private static bool IsSetOperator(Word word) => word is Word.Union or Word.Except or Word.Intersect;

    /// <summary>The next set operator at this level, or the end; -1 where there are words behind which something else may come.</summary>
    private static int EndOfBlock(StatementTokens query, int from)
    {
        for (var i = from; i < query.End; i = query.Next(i))
        {
            if (IsSetOperator(query.Keyword(i)))
                return i;
            if (query.Keyword(i) is Word.Minus or Word.Select or Word.Into or Word.Procedure or Word.Returning or Word.Qualify)
                return -1;
        }

        return query.End;
    }

    /// <summary>What may stand behind a query in parentheses.</summary>
    private static bool TailEnds(StatementTokens query, int index) => query.Keyword(index) is Word.Order or Word.Limit or Word.For or Word.Lock;

    private static List<ResultItem>? Items(StatementTokens query, int from, int to, CommonTables? tables, int depth, bool mayMoveColumns)
    {
        var items = new List<ResultItem>();
        for (var i = from; i < to;)
        {
            var end = i;
            while (end < to && !query.Is(end, MySqlTokenKind.Comma))
                end = query.Next(end);
            if (end > to || end == i)
                return null;
            var item = ResultItemReader.Read(query.Part(i, end), tables, depth);
            if (mayMoveColumns && item.Kind is ResultItemKind.Star or ResultItemKind.RelationStar)
                return null;
            items.Add(item);
            i = end + 1;
            // A comma with nothing behind it.
            if (end < to && i == to)
                return null;
        }

        for (var index = 0; index < items.Count; index++)
        {
            if (items[index].Operands.Any(operand => operand.IsInWindow && MayBeAnItem(operand, items)))
                items[index] = new ResultItem(ResultItemKind.Other) { Name = items[index].Name, HasUnsureAlias = items[index].HasUnsureAlias };
        }

        return items.Count == 0 ? null : items;
    }

    /// <summary>
    /// True where a name in a window can be that of an item, and not of the column that it looks like. An item without an alias is called by its text, so what is called like a word is a
    /// column or a constant.
    /// </summary>
    private static bool MayBeAnItem(ResultItem operand, List<ResultItem> items) => operand.Qualifier is null && (
        !operand.Column!.All(character => char.IsAsciiLetterOrDigit(character) || character == '_')
        || items.Any(item => item.HasUnsureAlias
            || (item.Name == operand.Column && item.Kind != ResultItemKind.Constant && !(item.Kind == ResultItemKind.Column && item.Column == operand.Column))));
}
