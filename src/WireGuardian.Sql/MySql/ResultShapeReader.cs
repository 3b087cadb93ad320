using WireGuardian.Sql.Lexing;
using Word = WireGuardian.Sql.Lexing.MySqlKeyword;

namespace WireGuardian.Sql.MySql;

/// <summary>
/// Reads the shape of a result, where the text alone tells it. It takes only what it knows to the last token: a form that is not
/// listed here has no shape.
/// </summary>
internal static class ResultShapeReader
{
    /// <summary>The shape of a SELECT of one block, or of TABLE; null for any other query.</summary>
    public static ResultShape? Select(StatementTokens statement)
    {
        var start = statement.Start;
        if (statement.Is(start, Word.Table))
            return Table(statement, start + 1);
        if (!statement.Is(start, Word.Select) || !TrySkipOptions(statement, start + 1, out var items))
            return null;
        var end = EndOfItems(statement, items);
        if (end < 0 || HasOtherBlocks(statement, end))
            return null;
        var relations = new List<ResultRelation>();
        var from = new FromClauseReader(statement);
        if (statement.Is(end, Word.From) && !from.TryRead(end + 1, relations))
            return null;
        return Shape(statement, items, end, relations, from.MayMoveColumns);
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
        return Shape(statement, returning + 1, statement.End, [new ResultRelation(target.Name, target)], mayMoveColumns: false);
    }

    /// <summary><c>TABLE t [ORDER BY …] [LIMIT …]</c>.</summary>
    private static ResultShape? Table(StatementTokens statement, int index)
    {
        if (!statement.TryQualifiedName(index, out var name, out var next) || HasOtherBlocks(statement, next))
            return null;
        if (next < statement.End && statement.Keyword(next) is not (Word.Order or Word.Limit))
            return null;
        return new ResultShape([new ResultItem(ResultItemKind.Star)], [new ResultRelation(name.Name, name)]);
    }

    /// <summary>DISTINCT and its like stand before the items.</summary>
    private static bool TrySkipOptions(StatementTokens statement, int index, out int items)
    {
        for (items = index; ; items++)
        {
            switch (statement.Keyword(items))
            {
                case Word.All or Word.Distinct or Word.Distinctrow or Word.HighPriority or Word.StraightJoin or Word.SqlBigResult or Word.SqlSmallResult
                    or Word.SqlCalcFoundRows:
                    continue;
                // Options on one server, names on the other.
                case Word.SqlNoCache or Word.SqlCache or Word.SqlBufferResult:
                    return false;
                default:
                    return true;
            }
        }
    }

    /// <summary>Where the select list ends: at FROM, at a clause that can do without FROM, or at the end. -1 where there is a word that does not belong.</summary>
    private static int EndOfItems(StatementTokens statement, int index)
    {
        for (var i = index; i < statement.End; i = statement.Next(i))
        {
            if (statement.Is(i - 1, MySqlTokenKind.Dot))
                continue;
            switch (statement.Keyword(i))
            {
                case Word.From or Word.Where or Word.Group or Word.Having or Word.Order or Word.Limit:
                    return i;
                case Word.Into or Word.Union or Word.Except or Word.Intersect or Word.Select:
                    return -1;
            }
        }

        return statement.End;
    }

    /// <summary>Another query at the same level, or words behind which something else may come.</summary>
    private static bool HasOtherBlocks(StatementTokens statement, int from)
    {
        for (var i = from; i < statement.End; i = statement.Next(i))
        {
            if (statement.Keyword(i) is Word.Union or Word.Except or Word.Intersect or Word.Minus or Word.Select or Word.Into or Word.Procedure
                or Word.Returning or Word.Qualify)
            {
                return true;
            }
        }

        return false;
    }

    private static ResultShape? Shape(StatementTokens statement, int from, int to, List<ResultRelation> relations, bool mayMoveColumns)
    {
        var items = new List<ResultItem>();
        for (var i = from; i < to;)
        {
            var end = i;
            while (end < to && !statement.Is(end, MySqlTokenKind.Comma))
                end = statement.Next(end);
            if (end > to || end == i)
                return null;
            var item = Item(statement, i, end);
            if (mayMoveColumns && item.Kind is ResultItemKind.Star or ResultItemKind.RelationStar)
                return null;
            items.Add(item);
            i = end + 1;
            // A comma with nothing behind it.
            if (end < to && i == to)
                return null;
        }

        return items.Count == 0 ? null : new ResultShape(items, relations);
    }

    private static ResultItem Item(StatementTokens statement, int from, int end)
    {
        var other = new ResultItem(ResultItemKind.Other);
        if (statement.IsOperator(from, (byte)'*'))
            return end == from + 1 ? new ResultItem(ResultItemKind.Star) : other;
        if (IsConstant(statement, from, end))
            return new ResultItem(ResultItemKind.Constant);
        Span<int> names = [-1, -1, -1];
        var count = 0;
        var i = from;
        for (; ; i += 2)
        {
            // Behind a dot any word is a name; in front of one, and alone, a reserved word is none.
            var isName = count == 0 ? statement.IsName(i) : statement.Kind(i) is MySqlTokenKind.Word or MySqlTokenKind.QuotedIdentifier;
            if (!isName || count == 3)
                return count is 1 or 2 && IsRelationStar(statement, i, end) ? RelationStar(statement, names, count) : other;
            names[count++] = i;
            if (!statement.Is(i + 1, MySqlTokenKind.Dot))
                break;
        }

        if (!IsAlias(statement, i + 1, end) || IsTypedLiteral(statement, i, end))
            return other;
        return count switch
        {
            1 => new ResultItem(ResultItemKind.Column, null, null, statement.Name(names[0])),
            2 => new ResultItem(ResultItemKind.Column, null, statement.Name(names[0]), statement.Name(names[1])),
            _ => new ResultItem(ResultItemKind.Column, statement.Name(names[0]), statement.Name(names[1]), statement.Name(names[2])),
        };
    }

    private static bool IsRelationStar(StatementTokens statement, int index, int end) => statement.IsOperator(index, (byte)'*') && end == index + 1;

    private static ResultItem RelationStar(StatementTokens statement, ReadOnlySpan<int> names, int count) => count == 1
        ? new ResultItem(ResultItemKind.RelationStar, null, statement.Name(names[0]))
        : new ResultItem(ResultItemKind.RelationStar, statement.Name(names[0]), statement.Name(names[1]));

    /// <summary><c>DATE '…'</c> is a literal, not a column with an alias.</summary>
    private static bool IsTypedLiteral(StatementTokens statement, int index, int end) =>
        end == index + 2 && statement.Is(index + 1, MySqlTokenKind.String)
        && (statement.Name(index) is "date" or "time" or "timestamp" || statement.Bytes(index) is [(byte)'_', ..]);

    /// <summary>Nothing, or an alias, with AS or without.</summary>
    private static bool IsAlias(StatementTokens statement, int index, int end)
    {
        if (index == end)
            return true;
        if (statement.Is(index, Word.As))
            index++;
        return end == index + 1 && (statement.IsName(index) || statement.Is(index, MySqlTokenKind.String));
    }

    /// <summary>A literal, NULL, TRUE or FALSE, with or without a sign, or <c>count(*)</c>.</summary>
    private static bool IsConstant(StatementTokens statement, int from, int end)
    {
        if (statement.Is(from, Word.Count) && statement.IsOpen(from + 1) && statement.IsOperator(from + 2, (byte)'*') && statement.IsClose(from + 3))
            return IsAlias(statement, from + 4, end);
        if (statement.IsOperator(from, (byte)'-') || statement.IsOperator(from, (byte)'+'))
            return statement.Is(from + 1, MySqlTokenKind.Number) && IsAlias(statement, from + 2, end);
        return (statement[from].IsLiteral || statement.Keyword(from) is Word.Null or Word.True or Word.False) && IsAlias(statement, from + 1, end);
    }
}
