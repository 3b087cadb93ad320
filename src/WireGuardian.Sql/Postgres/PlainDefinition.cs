using Word = WireGuardian.Sql.Lexing.PostgresKeyword;

namespace WireGuardian.Sql.Postgres;

/// <summary>Definitions that plainly leave what every name, view and routine means as it was: columns and indexes come and go, tables without anything behind them are made.</summary>
internal static class PlainDefinition
{
    public static bool KeepsMeanings(StatementTokens statement)
    {
        var i = statement.Start;
        switch (statement.Keyword(i))
        {
            case Word.Comment or Word.Truncate:
                return true;
            case Word.Create:
                i++;
                while (statement.Keyword(i) is Word.Unique or Word.Temp or Word.Temporary or Word.Unlogged or Word.Local or Word.Global)
                    i++;
                return statement.Keyword(i) is Word.Index or Word.Table or Word.Sequence && IsPlain(statement, i + 1);
            case Word.Alter:
                return statement.Keyword(i + 1) is Word.Index or Word.Table or Word.Sequence && IsPlain(statement, i + 2);
            case Word.Drop:
                return statement.Is(i + 1, Word.Index);
            default:
                return false;
        }
    }

    /// <summary>No key word that brings in an expression, another table's rows or another name. An index on an expression is not plain either.</summary>
    private static bool IsPlain(StatementTokens statement, int from)
    {
        for (var i = from; i < statement.End; i++)
        {
            if (statement.Keyword(i) is Word.As or Word.Attach or Word.Check or Word.Default or Word.Detach or Word.Disable or Word.Enable or Word.Expression or Word.Generated
                or Word.Inherit or Word.Inherits or Word.Like or Word.Of or Word.Partition or Word.Policy or Word.Rename or Word.Row or Word.Rule or Word.Schema or Word.Trigger
                or Word.Using or Word.Where or Word.With or Word.Exclude)
            {
                return false;
            }
            if (statement.Is(from - 1, Word.Index) && statement.IsOpen(i) && statement.Next(i) - 1 is var close && HasParenthesis(statement, i + 1, close))
                return false;
        }
        return true;
    }

    private static bool HasParenthesis(StatementTokens statement, int from, int to)
    {
        for (var i = from; i < to; i++)
        {
            if (statement.IsOpen(i))
                return true;
        }
        return false;
    }
}
