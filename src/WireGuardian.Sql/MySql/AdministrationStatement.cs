using WireGuardian.Core.Statements;
using Word = WireGuardian.Sql.Lexing.MySqlKeyword;

namespace WireGuardian.Sql.MySql;

/// <summary>Heads that say all there is to say: transactions, SHOW, replication, plugins, accounts, files.</summary>
internal static class AdministrationStatement
{
    public static StatementKinds Classify(StatementTokens statement, StatementDraft draft)
    {
        var head = statement.Start;
        switch (statement.Keyword(head))
        {
            case Word.Begin or Word.Commit or Word.Rollback or Word.Savepoint or Word.Release or Word.Xa:
                return Transaction(statement, draft);
            case Word.Start:
                return Start(statement, draft);
            case Word.Lock or Word.Unlock:
                return Lock(statement, draft);
            case Word.Truncate:
                return StatementKinds.Ddl | StatementKinds.Delete;
            case Word.Load:
                return Load(statement, draft);
            case Word.Import:
                return StatementKinds.Ddl | StatementKinds.Import;
            case Word.Binlog:
                // Changed rows in base64: of any table.
                draft.IsOpaque = true;
                return StatementKinds.Import | StatementKinds.Unclassified;
            case Word.Install:
                return StatementKinds.Ddl | StatementKinds.Code;
            case Word.Uninstall:
                return StatementKinds.Ddl;
            case Word.Handler:
                return Handler(statement, draft);
            case Word.Show:
                return Show(statement, draft);
            case Word.Help:
                draft.Results = ResultSets.One;
                return StatementKinds.Session;
            case Word.Get:
                return Diagnostics(statement, draft);
            case Word.Signal or Word.Resignal:
                WriteSources.AddVariables(statement, draft);
                return StatementKinds.Session;
            default:
                return Maintenance(statement, draft);
        }
    }

    private static StatementKinds Maintenance(StatementTokens statement, StatementDraft draft)
    {
        var head = statement.Start;
        switch (statement.Keyword(head))
        {
            case Word.Analyze or Word.Optimize or Word.Repair or Word.Check or Word.Checksum or Word.Cache:
                draft.Results = ResultSets.One;
                return StatementKinds.Maintenance;
            case Word.Flush:
                return StatementKinds.Maintenance | (statement.Find(head, Word.For) > 0 ? StatementKinds.Export : StatementKinds.None);
            case Word.Clone:
                return StatementKinds.Maintenance | StatementKinds.Export;
            case Word.Kill or Word.Purge or Word.Reset or Word.Change or Word.Stop or Word.Shutdown or Word.Restart or Word.Backup:
                return StatementKinds.Maintenance;
            default:
                return StatementKinds.Unclassified;
        }
    }

    private static StatementKinds Transaction(StatementTokens statement, StatementDraft draft)
    {
        var head = statement.Start;
        draft.Transaction = statement.Keyword(head) switch
        {
            Word.Begin => TransactionEffect.Begins,
            Word.Commit => TransactionEffect.Commits,
            Word.Rollback when statement.Find(head, Word.To) > 0 => TransactionEffect.MovesSavepoint,
            Word.Rollback => TransactionEffect.RollsBack,
            Word.Savepoint or Word.Release => TransactionEffect.MovesSavepoint,
            _ => TransactionEffect.Unknown,
        };
        if (statement.Is(head, Word.Begin) && !(statement.End == head + 1 || (statement.Is(head + 1, Word.Work) && statement.End == head + 2)))
            return StatementKinds.Transaction | StatementKinds.Unclassified;
        if (statement.Is(head, Word.Xa) && statement.Is(head + 1, Word.Recover))
            draft.Results = ResultSets.One;
        return StatementKinds.Transaction;
    }

    private static StatementKinds Start(StatementTokens statement, StatementDraft draft)
    {
        if (!statement.Is(statement.Start + 1, Word.Transaction))
        {
            return statement.Keyword(statement.Start + 1) is Word.Slave or Word.Replica or Word.GroupReplication or Word.All
                ? StatementKinds.Maintenance
                : StatementKinds.Unclassified;
        }

        draft.Transaction = TransactionEffect.Begins;
        return StatementKinds.Transaction;
    }

    private static StatementKinds Lock(StatementTokens statement, StatementDraft draft)
    {
        if (statement.Is(statement.Start + 1, Word.Instance))
            return StatementKinds.Maintenance;
        draft.Transaction = TransactionEffect.CommitsImplicitly;
        return StatementKinds.Transaction;
    }

    private static StatementKinds Load(StatementTokens statement, StatementDraft draft)
    {
        if (statement.Is(statement.Start + 1, Word.Index))
        {
            draft.Results = ResultSets.One;
            return StatementKinds.Maintenance;
        }

        if (statement.Keyword(statement.Start + 1) is not (Word.Data or Word.Xml))
            return StatementKinds.Unclassified;
        for (var i = statement.Start; i < statement.End; i++)
        {
            // LOCAL stands before INFILE (in MySQL 9 also before FROM URL and the like, which then is no client's file).
            if (statement.Is(i, Word.Local) && statement.Find(statement.Start, Word.Infile) > i)
                draft.AsksForLocalFile = true;
            if (statement.Variable(i) is { } variable)
                draft.AddUserVariableWritten(variable);
        }

        return StatementKinds.Import;
    }

    /// <summary>A handler's name may be another than its table's: what READ reads is not in its text.</summary>
    private static StatementKinds Handler(StatementTokens statement, StatementDraft draft)
    {
        if (!statement.TryQualifiedName(statement.Start + 1, out _, out var verb))
            return StatementKinds.Unclassified;
        if (statement.Keyword(verb) is Word.Open or Word.Close)
            return StatementKinds.Select;
        if (!statement.Is(verb, Word.Read))
            return StatementKinds.Unclassified;
        draft.IsOpaque = true;
        draft.Results = ResultSets.One;
        return StatementKinds.Select;
    }

    private static StatementKinds Show(StatementTokens statement, StatementDraft draft)
    {
        draft.Results = ResultSets.One;
        var kinds = StatementKinds.Session;
        for (var i = statement.Start + 1; i < Math.Min(statement.Start + 5, statement.End); i++)
        {
            switch (statement.Keyword(i))
            {
                case Word.Warnings or Word.Errors:
                    draft.SideOutputs |= SideOutputs.Diagnostics;
                    break;
                case Word.Processlist or Word.Profile or Word.Profiles or Word.Engine:
                    draft.SideOutputs |= SideOutputs.StatementTexts;
                    break;
                case Word.Explain or Word.Analyze:
                    draft.SideOutputs |= SideOutputs.StatementTexts;
                    draft.IsOpaque = true;
                    break;
                case Word.Events when statement.Keyword(i - 1) is Word.Binlog or Word.Relaylog:
                    draft.SideOutputs |= SideOutputs.BinaryLog;
                    kinds |= StatementKinds.Export;
                    break;
            }
        }

        return kinds;
    }

    /// <summary>Messages quote values: what is read from them may be anything that earlier statements touched.</summary>
    private static StatementKinds Diagnostics(StatementTokens statement, StatementDraft draft)
    {
        draft.SideOutputs |= SideOutputs.Diagnostics;
        for (var i = statement.Start; i < statement.End; i++)
        {
            if (statement.Variable(i) is { } variable && statement.IsOperator(i + 1, (byte)'='))
                draft.AddUserVariableWritten(variable);
        }

        return statement.Find(statement.Start, Word.Diagnostics) > 0 ? StatementKinds.Session : StatementKinds.Unclassified;
    }
}
