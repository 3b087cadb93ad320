using WireGuardian.Sql.Lexing;
using Word = WireGuardian.Sql.Lexing.MySqlKeyword;

namespace WireGuardian.Sql.MySql;

/// <summary>
/// Finds all that an expression is computed from, without looking at how: every name in it that can be a column, every subquery. It takes only what it knows:
/// operators, literals, parameters, functions of the servers' own, and windows that are written where they are used.
/// </summary>
internal static class ExpressionReader
{
    private const int MostOperands = 256;

    /// <summary>False where there is something in it that can be more than its operands: user variables, other functions, words that are not known.</summary>
    public static bool TryRead(StatementTokens expression, CommonTables? tables, int depth, out IReadOnlyList<ResultItem> operands)
    {
        var found = new List<ResultItem>();
        operands = found;
        // END is not reserved: a column may be called so. Then there is one too many.
        if (expression.Start >= expression.End || OpenCases(expression, expression.End) != 0)
            return false;
        var cases = 0;
        var windowEnd = 0;
        for (var i = expression.Start; i < expression.End;)
        {
            var token = expression[i];
            if (found.Count > MostOperands)
                return false;
            switch (token.Kind)
            {
                case MySqlTokenKind.OpenParenthesis when expression.Keyword(i + 1) is Word.Select or Word.With or Word.Table or Word.Values:
                    if (ResultShapeReader.Query(expression.Inside(i), tables, depth + 1) is not { } query)
                        return false;
                    found.Add(new ResultItem(ResultItemKind.Subquery) { Query = query });
                    i = expression.Next(i);
                    continue;
                case MySqlTokenKind.OpenParenthesis or MySqlTokenKind.CloseParenthesis or MySqlTokenKind.Comma or MySqlTokenKind.Operator:
                case MySqlTokenKind.String when !IsOperandBefore(expression, i) || expression.Is(i - 1, MySqlTokenKind.String):
                    i++;
                    continue;
                case MySqlTokenKind.BinaryString or MySqlTokenKind.Number or MySqlTokenKind.NullLiteral or MySqlTokenKind.Parameter when !IsOperandBefore(expression, i):
                    i++;
                    continue;
                case MySqlTokenKind.Word when WindowFunctions.IsOver(expression, i) && expression.IsClose(i - 1) && WindowFunctions.IsCall(expression, expression[i - 1].Partner):
                    windowEnd = expression.Next(i + 1);
                    if (!WindowFunctions.TryEnter(expression, ref i))
                        return false;
                    continue;
                case MySqlTokenKind.Word when expression.IsOpen(i + 1) && !IsOperatorWord(token.Keyword):
                    if (!TrySkipCall(expression, ref i))
                        return false;
                    continue;
                case MySqlTokenKind.Word when TrySkipWord(expression, ref i, ref cases):
                    continue;
                case MySqlTokenKind.Word or MySqlTokenKind.QuotedIdentifier:
                    // Two operands side by side are no expression that is known here.
                    if (IsOperandBefore(expression, i) || !ResultItemReader.TryReadColumn(expression, i, out var column, out i) || expression.Is(i, MySqlTokenKind.Dot))
                        return false;
                    found.Add(i <= windowEnd ? column with { IsInWindow = true } : column);
                    if (expression.IsOpen(i) || expression.Is(i, MySqlTokenKind.String))
                        return false;
                    continue;
                default:
                    return false;
            }
        }

        return cases == 0;
    }

    /// <summary>True where what stands before the token is an operand's last: then the token is none of an operand's.</summary>
    public static bool IsOperandBefore(StatementTokens expression, int index) =>
        index > expression.Start && EndsOperand(expression, index - 1) && !IsOperatorInPlace(expression, index - 1);

    /// <summary>The unit of an interval: <c>INTERVAL 1 DAY</c>.</summary>
    public static bool IsUnit(StatementTokens expression, int index)
    {
        if (!IsUnitWord(expression, index) || !EndsOperand(expression, index - 1))
            return false;
        for (var i = index - 1; i >= expression.Start; i--)
        {
            if (expression.Is(i, Word.Interval))
                return true;
        }

        return false;
    }

    /// <summary>True where the token can be the last of an operand.</summary>
    private static bool EndsOperand(StatementTokens expression, int index)
    {
        var token = expression[index];
        return token.IsLiteral || token.IsName || token.Kind is MySqlTokenKind.CloseParenthesis or MySqlTokenKind.Parameter
            || (token.Kind == MySqlTokenKind.Word && expression.Is(index - 1, MySqlTokenKind.Dot))
            || token.Keyword is Word.Null or Word.True or Word.False || IsMoment(token.Keyword);
    }

    /// <summary>True for an END that a CASE before it lacks.</summary>
    public static bool EndsCase(StatementTokens expression, int index) => expression.Is(index, Word.End) && OpenCases(expression, index) > 0;

    private static int OpenCases(StatementTokens expression, int end)
    {
        var open = 0;
        for (var i = expression.Start; i < end; i++)
            open += expression.Keyword(i) switch { Word.Case => 1, Word.End => -1, _ => 0 };
        return open;
    }

    /// <summary>A call: its arguments are read where they stand, but for words among them that are none.</summary>
    private static bool TrySkipCall(StatementTokens expression, ref int i)
    {
        // With a space between, it can be a call of a stored function.
        if (expression[i].End != expression[i + 1].Start || expression.Is(i - 1, MySqlTokenKind.Dot) || expression.Name(i) is not { } name
            || !(PureFunctions.Contains(name) || WindowFunctions.IsCall(expression, i + 1)) || IsOperandBefore(expression, i))
        {
            return false;
        }

        i += 2;
        if (name is "extract" or "timestampadd" or "timestampdiff" && (IsUnitWord(expression, i) || expression.Name(i)?.StartsWith("sql_tsi_", StringComparison.Ordinal) == true))
            i++;
        return true;
    }

    /// <summary>Words that are operators, or parts of what is known; a word that is none of them may be a column.</summary>
    private static bool TrySkipWord(StatementTokens expression, ref int i, ref int cases)
    {
        var word = expression.Keyword(i);
        if (expression.Is(i + 1, MySqlTokenKind.Dot))
            return false;
        switch (word)
        {
            case Word.Case:
                cases++;
                break;
            case Word.End when cases > 0 && EndsOperand(expression, i - 1):
                cases--;
                break;
            case Word.Collate when expression.IsName(i + 1) || expression.Is(i + 1, MySqlTokenKind.String):
                i++;
                break;
            case Word.As or Word.Using when IsArgument(expression, i, word == Word.As ? "cast" : "convert"):
                // A type, or a character set: to the end of the call.
                while (i < expression.End && !expression.IsClose(i))
                    i = expression.Next(i);
                return true;
            default:
                if (!IsOperatorWord(word) && !IsMoment(word) && word is not (Word.Null or Word.True or Word.False) && !IsOperatorInPlace(expression, i) && !IsUnit(expression, i))
                    return false;
                break;
        }

        i++;
        return true;
    }

    /// <summary>True where the innermost parenthesis around the token is that of this function.</summary>
    private static bool IsArgument(StatementTokens expression, int index, string function)
    {
        for (var i = index - 1; i >= expression.Start; i--)
        {
            if (expression.IsOpen(i))
                return expression.Name(i - 1) == function;
            if (expression.IsClose(i))
                i = expression[i].Partner;
        }

        return false;
    }

    /// <summary>Reserved words, which cannot be columns. Those of ORDER BY stand in GROUP_CONCAT and windows, those of FROM in TRIM and its like.</summary>
    private static bool IsOperatorWord(Word word) => word is Word.And or Word.Or or Word.Xor or Word.Not or Word.Is or Word.Between or Word.Like or Word.Rlike
        or Word.Regexp or Word.Div or Word.Mod or Word.In or Word.Exists or Word.When or Word.Then or Word.Else or Word.Binary or Word.Interval or Word.Distinct
        or Word.Order or Word.By or Word.Asc or Word.Desc or Word.Separator or Word.From or Word.For or Word.Leading or Word.Trailing or Word.Both;

    /// <summary>ESCAPE is not reserved, but behind an operand it is an operator.</summary>
    private static bool IsOperatorInPlace(StatementTokens expression, int index) =>
        expression.Is(index, Word.Escape) && index > expression.Start && EndsOperand(expression, index - 1);

    private static bool IsMoment(Word word) => word is Word.CurrentDate or Word.CurrentTime or Word.CurrentTimestamp or Word.CurrentUser or Word.Localtime
        or Word.Localtimestamp or Word.UtcDate or Word.UtcTime or Word.UtcTimestamp;

    private static bool IsUnitWord(StatementTokens expression, int index) => expression.Kind(index) == MySqlTokenKind.Word && !expression.IsOpen(index + 1)
        && !expression.Is(index + 1, MySqlTokenKind.Dot) && expression.Name(index) is "microsecond" or "second" or "minute" or "hour" or "day" or "week" or "month"
            or "quarter" or "year" or "second_microsecond" or "minute_microsecond" or "minute_second" or "hour_microsecond" or "hour_second" or "hour_minute"
            or "day_microsecond" or "day_second" or "day_minute" or "day_hour" or "year_month";
}
