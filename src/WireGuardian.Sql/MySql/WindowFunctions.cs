using System.Collections.Frozen;
using WireGuardian.Sql.Lexing;

namespace WireGuardian.Sql.MySql;

/// <summary>
/// Functions of both servers' own that are nothing without a window. What one gives is computed from its arguments and from what its window divides and orders rows by. No
/// stored function can be called with OVER.
/// </summary>
internal static class WindowFunctions
{
    private static readonly FrozenSet<string> Names = new[]
    {
        "cume_dist", "dense_rank", "first_value", "lag", "last_value", "lead", "nth_value", "ntile", "percent_rank", "rank", "row_number",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>True for a call of one of them, or of an aggregate, whose parenthesis opens there: OVER stands behind it.</summary>
    public static bool IsCall(StatementTokens expression, int open) =>
        expression.Name(open - 1) is { } name && (Names.Contains(name) || PureFunctions.Contains(name)) && IsOver(expression, expression.Next(open));

    /// <summary>
    /// Finds where to read on in <c>OVER ([PARTITION BY …] [ORDER BY …])</c>, whose operands are the function's own. False for a window that has a name, which is defined elsewhere.
    /// </summary>
    public static bool TryEnter(StatementTokens expression, ref int over)
    {
        var first = over + 2;
        if (expression.IsClose(first) || (expression.Is(first, MySqlKeyword.Order) && expression.Is(first + 1, MySqlKeyword.By)))
            over = first;
        else if (expression.Is(first, MySqlKeyword.Partition) && expression.Is(first + 1, MySqlKeyword.By))
            over = first + 2;
        else
            return false;
        return true;
    }

    public static bool IsOver(StatementTokens expression, int index) => expression.Is(index, MySqlKeyword.Over) && expression.IsOpen(index + 1);
}
