using WireGuardian.Core.Statements;
using Word = WireGuardian.Sql.Lexing.MySqlKeyword;

namespace WireGuardian.Sql.MySql;

/// <summary>What the statements of a body can do at most: every key word that can begin a statement counts wherever it stands.</summary>
internal static class BodySweep
{
    /// <param name="statement">The tokens of the body.</param>
    /// <param name="isDynamic">True where it runs text that is made while it runs.</param>
    public static StatementKinds Kinds(StatementTokens statement, out bool isDynamic)
    {
        var kinds = StatementKinds.None;
        isDynamic = false;
        for (var i = statement.Start; i < statement.End; i++)
        {
            if (statement.Is(i - 1, Lexing.MySqlTokenKind.Dot))
                continue;
            kinds |= Of(statement, i);
            isDynamic |= statement.Keyword(i) is Word.Prepare or Word.Execute;
        }

        return kinds;
    }

    private static StatementKinds Of(StatementTokens statement, int index) => statement.Keyword(index) switch
    {
        Word.Select or Word.Values or Word.With => StatementKinds.Select,
        Word.Outfile or Word.Dumpfile => StatementKinds.Export,
        Word.Insert => statement.IsOpen(index + 1) ? StatementKinds.None : StatementKinds.Insert,
        Word.Replace => statement.IsOpen(index + 1) ? StatementKinds.None : StatementKinds.Insert | StatementKinds.Delete,
        Word.Update => StatementKinds.Update,
        Word.Delete => StatementKinds.Delete,
        Word.Truncate => statement.IsOpen(index + 1) ? StatementKinds.None : StatementKinds.Ddl | StatementKinds.Delete,
        Word.Create or Word.Alter or Word.Drop or Word.Rename => StatementKinds.Ddl | Object(statement, index),
        Word.Grant or Word.Revoke => StatementKinds.Privilege,
        Word.Set => Setting(statement, index),
        Word.Call or Word.Prepare or Word.Execute or Word.Install => StatementKinds.Code,
        Word.Load => StatementKinds.Import,
        Word.Commit or Word.Rollback or Word.Savepoint or Word.Start or Word.Xa or Word.Lock or Word.Unlock => StatementKinds.Transaction,
        Word.Show or Word.Use or Word.Signal or Word.Resignal => StatementKinds.Session,
        Word.Kill or Word.Flush or Word.Reset or Word.Purge or Word.Optimize or Word.Repair or Word.Analyze or Word.Shutdown or Word.Change =>
            StatementKinds.Maintenance,
        Word.Binlog => StatementKinds.Import | StatementKinds.Unclassified,
        _ => StatementKinds.None,
    };

    private static StatementKinds Object(StatementTokens statement, int index)
    {
        for (var i = index + 1; i < Math.Min(index + 4, statement.End); i++)
        {
            if (statement.Keyword(i) is Word.User or Word.Role)
                return StatementKinds.Privilege;
        }

        return StatementKinds.None;
    }

    private static StatementKinds Setting(StatementTokens statement, int index) => statement.Keyword(index + 1) switch
    {
        Word.Global or Word.Persist or Word.PersistOnly or Word.Password or Word.Role or Word.Default => StatementKinds.Session | StatementKinds.Privilege,
        // SET of an UPDATE, of a variable of the body, of a setting: only the first of them is common, and it does nothing by itself.
        _ => StatementKinds.None,
    };
}
