using System.Text;
using WireGuardian.Sql.Lexing;
using Word = WireGuardian.Sql.Lexing.MySqlKeyword;

namespace WireGuardian.Sql.MySql;

/// <summary>Reads one item of a select list: a star, a column or an expression, and its alias.</summary>
internal static class ResultItemReader
{
    private static readonly ResultItem Other = new(ResultItemKind.Other);

    /// <param name="item">The item's tokens and no others.</param>
    /// <param name="tables">The common table expressions in sight, for subqueries.</param>
    /// <param name="depth">How many queries the item stands in.</param>
    public static ResultItem Read(StatementTokens item, CommonTables? tables, int depth)
    {
        if (item.IsOperator(item.Start, (byte)'*'))
            return item.End == item.Start + 1 ? new ResultItem(ResultItemKind.Star) : Other;
        if (TryReadColumn(item, item.Start, out var column, out var next))
        {
            if (next == item.End)
                return column with { Name = column.Column };
            if (item.IsOperator(next + 1, (byte)'*') && item.Is(next, MySqlTokenKind.Dot) && next + 2 == item.End && column.Database is null)
                return new ResultItem(ResultItemKind.RelationStar, column.Qualifier, column.Column);
        }

        var alias = Alias(item, out var end);
        var isUnsure = alias is null && end < item.End;
        var value = item.Part(item.Start, end);
        if (next == end && column is not null && !IsTypedLiteral(item, end))
            return column with { Name = alias, HasUnsureAlias = isUnsure };
        if (!ExpressionReader.TryRead(value, tables, depth, out var operands))
            return Other with { Name = alias, HasUnsureAlias = isUnsure };
        return new ResultItem(operands.Count == 0 ? ResultItemKind.Constant : ResultItemKind.Computed) { Name = alias, HasUnsureAlias = isUnsure, Operands = operands };
    }

    /// <summary><c>column</c>, <c>t.column</c> or <c>d.t.column</c>, and the place behind it.</summary>
    public static bool TryReadColumn(StatementTokens tokens, int index, out ResultItem column, out int next)
    {
        (column, next) = (null!, index);
        Span<int> names = [-1, -1, -1];
        var count = 0;
        for (var i = index; ; i += 2)
        {
            // Behind a dot any word is a name; in front of one, and alone, a reserved word is none.
            var isName = count == 0 ? tokens.IsName(i) : tokens.Kind(i) is MySqlTokenKind.Word or MySqlTokenKind.QuotedIdentifier;
            if (!isName || count == 3)
                break;
            names[count++] = i;
            next = i + 1;
            if (!tokens.Is(next, MySqlTokenKind.Dot))
                break;
        }

        if (count == 0 || tokens.Name(names[count - 1]) is not { } name)
            return false;
        column = new ResultItem(
            ResultItemKind.Column, count == 3 ? tokens.Name(names[0]) : null, count == 1 ? null : tokens.Name(names[count - 2]), name);
        return true;
    }

    /// <summary>The alias, null where there is none or none that can be told for sure, and where the value ends.</summary>
    private static string? Alias(StatementTokens item, out int end)
    {
        end = item.End;
        var last = item.End - 1;
        if (item.Is(last - 1, Word.As))
        {
            end = last - 1;
            return Spelled(item, last);
        }

        if (!(item.IsName(last) || item.Is(last, MySqlTokenKind.String)) || !ExpressionReader.IsOperandBefore(item, last) || IsTypedLiteral(item, last)
            || ExpressionReader.IsUnit(item, last) || ExpressionReader.EndsCase(item, last))
        {
            return null;
        }

        end = last;
        // Strings side by side are one string, or a string and an alias.
        return item.Is(last, MySqlTokenKind.String) && item.Is(last - 1, MySqlTokenKind.String) ? null : Spelled(item, last);
    }

    /// <summary>Servers take off blanks in front of a quoted alias, and what they take for blanks depends.</summary>
    private static string? Spelled(StatementTokens item, int index)
    {
        if (item.Is(index, MySqlTokenKind.Word))
            return item.Name(index);
        var text = item.Is(index, MySqlTokenKind.String)
            ? item.Literal(index) is { } literal ? Encoding.Latin1.GetString(literal) : null
            : item.Identifier(index);
        return text is { Length: > 0 } && text.All(c => c is > ' ' and < (char)0x7F) ? MySqlNames.Fold(text) : null;
    }

    /// <summary><c>DATE '…'</c> and <c>_utf8'…'</c> are literals, not columns with an alias.</summary>
    private static bool IsTypedLiteral(StatementTokens item, int text) =>
        item.Is(text, MySqlTokenKind.String) && !item.Is(text - 2, MySqlTokenKind.Dot)
        && (item.Name(text - 1) is "date" or "time" or "timestamp" || item.Bytes(text - 1) is [(byte)'_', ..]);
}
