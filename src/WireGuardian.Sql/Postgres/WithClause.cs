using WireGuardian.Sql.Lexing;
using Word = WireGuardian.Sql.Lexing.PostgresKeyword;

namespace WireGuardian.Sql.Postgres;

/// <summary>WITH and its list of queries, read exactly: the statement's own verb stands behind it, and nowhere else.</summary>
internal static class WithClause
{
    /// <summary>A constant is a few tokens; more are not looked through.</summary>
    private const int LongestConstants = 32;

    /// <summary>Where the statement begins that this WITH stands before, or -1 where it is another WITH (WITH TIES, WITH TIME ZONE …).</summary>
    public static int End(StatementTokens statement, int with)
    {
        var i = with + 1;
        // A query may be called "recursive".
        if (statement.Is(i, Word.Recursive) && !statement.Is(i + 1, Word.As) && !statement.IsOpen(i + 1))
            i++;
        while (true)
        {
            if (!TryName(statement, ref i))
                return -1;
            if (statement.IsOpen(i))
                i = statement.Next(i);
            if (!statement.Is(i, Word.As))
                return -1;
            i++;
            if (statement.Is(i, Word.Not))
                i++;
            if (statement.Is(i, Word.Materialized))
                i++;
            if (!statement.IsOpen(i))
                return -1;
            i = statement.Next(i);
            if (!TrySearch(statement, ref i) || !TryCycle(statement, ref i))
                return -1;
            if (statement.Kind(i) != TokenKind.Comma)
                return i;
            i++;
        }
    }

    /// <summary>SEARCH … FIRST BY names SET name, where there is one.</summary>
    private static bool TrySearch(StatementTokens statement, ref int i)
    {
        if (!statement.Is(i, Word.Search))
            return true;
        i += 4;
        return TryNames(statement, ref i) && TryName(statement, ref i);
    }

    /// <summary>CYCLE names SET name [TO constant DEFAULT constant] USING name, where there is one.</summary>
    private static bool TryCycle(StatementTokens statement, ref int i)
    {
        if (!statement.Is(i, Word.Cycle))
            return true;
        i++;
        if (!TryNames(statement, ref i) || !TryName(statement, ref i))
            return false;
        for (var step = 0; step < LongestConstants && !statement.Is(i, Word.Using); step++)
            i = statement.Next(i);
        if (!statement.Is(i, Word.Using))
            return false;
        i++;
        return TryName(statement, ref i);
    }

    /// <summary>Names with commas between them, and the SET behind them.</summary>
    private static bool TryNames(StatementTokens statement, ref int i)
    {
        while (TryName(statement, ref i))
        {
            if (statement.Is(i, Word.Set))
            {
                i++;
                return true;
            }
            if (statement.Kind(i) != TokenKind.Comma)
                return false;
            i++;
        }
        return false;
    }

    private static bool TryName(StatementTokens statement, ref int i)
    {
        if (!statement.IsName(i) || statement.Is(i, Word.With))
            return false;
        i += statement.Is(i + 1, Word.Uescape) && statement[i + 2].IsString ? 3 : 1;
        return true;
    }
}
