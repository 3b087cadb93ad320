using System.Text;
using WireGuardian.Core.Statements;
using WireGuardian.Sql.Lexing;
using Word = WireGuardian.Sql.Lexing.PostgresKeyword;

namespace WireGuardian.Sql.Postgres;

/// <summary>The kinds of a statement by its head, and what it defines, runs and writes. Heads that hold another statement hand on to it.</summary>
internal static class StatementClassifier
{
    /// <summary>Commands of the replication protocol, which are no key words of SQL.</summary>
    private static readonly Dictionary<string, StatementKinds> ReplicationCommands = new(StringComparer.Ordinal)
    {
        ["identify_system"] = StatementKinds.Session,
        ["start_replication"] = StatementKinds.Export,
        ["base_backup"] = StatementKinds.Export,
        ["create_replication_slot"] = StatementKinds.Export,
        ["alter_replication_slot"] = StatementKinds.Export,
        ["drop_replication_slot"] = StatementKinds.Export,
        ["read_replication_slot"] = StatementKinds.Export,
        ["timeline_history"] = StatementKinds.Export,
        ["upload_manifest"] = StatementKinds.Export,
    };

    public static void Classify(StatementTokens statement, StatementDraft draft)
    {
        draft.Kinds = Kinds(statement, draft);
        draft.KeepsMeanings = draft.Kinds.HasFlag(StatementKinds.Ddl) && PlainDefinition.KeepsMeanings(statement);
        if (draft.Kinds != StatementKinds.Explain)
            draft.Kinds |= draft.Effects;
        if (draft.HandsOut)
            WriteSources.AddHandedOut(statement, draft);
    }

    private static StatementKinds Kinds(StatementTokens statement, StatementDraft draft)
    {
        var head = statement.Start;
        switch (statement.Keyword(head))
        {
            case Word.Explain:
                return Explain(statement, draft);
            case Word.Prepare when !(statement.Is(head + 1, Word.Transaction) && statement[head + 2].IsString):
                return Prepare(statement, draft);
            case Word.Declare:
                return Declare(statement, draft);
            case Word.Execute:
                return Execute(statement, head, draft);
            case Word.Deallocate:
                return Deallocate(statement, draft);
            case Word.Fetch or Word.Move:
                return Fetch(statement, draft);
            case Word.Copy:
                return CopyStatement.Classify(statement, draft);
            case Word.Create:
                return CreateStatement.Classify(statement, draft);
            case Word.Alter:
                return DefinitionStatement.Alter(statement, draft);
            case Word.Drop:
                return DefinitionStatement.Drop(statement, draft);
            case Word.Set or Word.Reset:
                draft.MayChangeSettings = SettingStatement.MayChangeReading(statement);
                return SettingStatement.Classify(statement);
            case Word.Discard:
                draft.MayChangeSettings = true;
                return StatementKinds.Session;
            case Word.Call:
                draft.MayChangeSettings = true;
                return StatementKinds.Code;
            case Word.Do:
                draft.MayChangeSettings = true;
                return RoutineStatement.Do(statement, draft);
            case Word.Prepare:
                draft.PreparesTransaction = true;
                return StatementKinds.Transaction;
            default:
                return statement.Kind(head) == TokenKind.Keyword && IsQuery(statement, head) || statement.IsOpen(head)
                    ? QueryStatement.Classify(statement, head, draft)
                    : Simple(statement, draft);
        }
    }

    private static bool IsQuery(StatementTokens statement, int index) => statement.Keyword(index) is Word.Select or Word.Values or Word.Table
        or Word.With or Word.Insert or Word.Update or Word.Delete or Word.Merge;

    /// <summary>Heads that say all there is to say.</summary>
    private static StatementKinds Simple(StatementTokens statement, StatementDraft draft)
    {
        var head = statement.Start;
        switch (statement.Keyword(head))
        {
            case Word.Truncate:
                draft.TakesAllRows = true;
                return StatementKinds.Ddl | StatementKinds.Delete;
            case Word.Comment or Word.Import:
                return StatementKinds.Ddl;
            case Word.Security when statement.Is(head + 1, Word.Label):
                return StatementKinds.Ddl;
            case Word.Grant or Word.Revoke:
                return StatementKinds.Privilege;
            case Word.Reassign:
                return StatementKinds.Ddl | StatementKinds.Privilege;
            case Word.Begin or Word.Start or Word.Commit or Word.End or Word.Rollback or Word.Abort or Word.Savepoint or Word.Release or Word.Lock:
                return StatementKinds.Transaction;
            case Word.Vacuum or Word.Analyze or Word.Analyse or Word.Reindex or Word.Cluster or Word.Checkpoint or Word.Refresh:
                return StatementKinds.Maintenance;
            case Word.Show or Word.Listen or Word.Unlisten or Word.Notify or Word.Close:
                return StatementKinds.Session;
            case Word.Load:
                return StatementKinds.Code;
            default:
                return statement.Kind(head) == TokenKind.Identifier && statement.Name(head) is { } name
                    && ReplicationCommands.TryGetValue(name, out var kinds)
                    ? kinds
                    : StatementKinds.Unclassified;
        }
    }

    /// <summary>Without ANALYZE nothing runs; the names inside are known to the sweep in any case.</summary>
    private static StatementKinds Explain(StatementTokens statement, StatementDraft draft)
    {
        var inner = statement.Start + 1;
        var runs = false;
        if (statement.IsOpen(inner) && !IsQuery(statement, inner + 1, parenthesized: true))
        {
            var close = statement.Next(inner) - 1;
            runs = AnalyzeOption(statement, inner + 1, close);
            inner = close + 1;
        }
        else
        {
            if (statement.Keyword(inner) is Word.Analyze or Word.Analyse)
            {
                runs = true;
                inner++;
            }

            if (statement.Is(inner, Word.Verbose))
                inner++;
        }

        var explained = statement.Part(inner, statement.End);
        var kinds = StatementKinds.Unclassified;
        var isExplainable = IsQuery(explained, inner) || explained.IsOpen(inner)
            || explained.Keyword(inner) is Word.Declare or Word.Create or Word.Refresh or Word.Execute;
        if (isExplainable)
            kinds = Kinds(explained, draft);
        if (IsQueryStart(explained, inner))
            draft.Explains = explained[inner].Start..explained[explained.End - 1].End;
        if (runs || kinds.HasFlag(StatementKinds.Unclassified))
            return StatementKinds.Explain | kinds | draft.Effects;
        return StatementKinds.Explain;
    }

    /// <summary>
    /// <c>EXPLAIN (</c> starts a query or a list of options. VALUES could be either but for the parenthesis behind it.
    /// </summary>
    private static bool IsQuery(StatementTokens statement, int index, bool parenthesized)
    {
        if (statement.Is(index, Word.Values))
            return statement.IsOpen(index + 1);
        return parenthesized && statement.IsOpen(index) || statement.Keyword(index) is Word.Select or Word.With or Word.Table;
    }

    /// <summary>True unless every ANALYZE in the list is switched off.</summary>
    private static bool AnalyzeOption(StatementTokens statement, int from, int to)
    {
        for (var i = from; i < to; i++)
        {
            var isStart = i == from || statement.Kind(i - 1) == TokenKind.Comma;
            if (isStart && statement.Name(i) is "analyze" or "analyse" && !IsOff(statement, i + 1))
                return true;
        }

        return false;
    }

    private static bool IsOff(StatementTokens statement, int index)
    {
        var token = statement[index];
        if (token.Kind == TokenKind.Number)
            return statement.Bytes(index).SequenceEqual("0"u8);
        if (token.IsString)
            return statement.Literal(index) is { } text && (Ascii.EqualsIgnoreCase(text, "off") || Ascii.EqualsIgnoreCase(text, "false"));
        return statement.Name(index) is "off" or "false";
    }

    private static StatementKinds Prepare(StatementTokens statement, StatementDraft draft)
    {
        var name = statement.Start + 1;
        var inner = statement.Next(name);
        var types = default(Range);
        if (statement.IsOpen(inner))
        {
            var end = statement.Next(inner);
            types = statement[inner].Start..statement[end - 1].End;
            inner = end;
        }
        if (statement.Name(name) is not { } text || !statement.IsName(name) || !statement.Is(inner, Word.As) || !IsQueryStart(statement, inner + 1))
            return StatementKinds.Unclassified;
        return Define(statement, inner + 1, text, isCursor: false, draft, types);
    }

    private static StatementKinds Declare(StatementTokens statement, StatementDraft draft)
    {
        var name = statement.Start + 1;
        var cursor = statement.Find(name + 1, Word.Cursor);
        var query = cursor < 0 ? -1 : statement.Find(cursor + 1, Word.For);
        if (query < 0 || !statement.IsName(name) || statement.Name(name) is not { } text || !IsQueryStart(statement, query + 1))
            return StatementKinds.Unclassified;
        return Define(statement, query + 1, text, isCursor: true, draft);
    }

    private static bool IsQueryStart(StatementTokens statement, int index) => IsQuery(statement, index) || statement.IsOpen(index);

    private static StatementKinds Define(StatementTokens statement, int query, string name, bool isCursor, StatementDraft draft, Range parameterTypes = default)
    {
        var inner = statement.Part(query, statement.End);
        draft.Kinds = QueryStatement.Classify(inner, query, draft) | draft.Effects;
        var kinds = draft.Kinds;
        var facts = draft.ToFacts(inner[query].Start..inner[statement.End - 1].End);
        draft.Defines = new NamedStatement(name, isCursor, facts) { ParameterTypes = parameterTypes };
        return kinds;
    }

    /// <summary>What the prepared statement does is for the caller to know, who saw it being made.</summary>
    public static StatementKinds Execute(StatementTokens statement, int index, StatementDraft draft)
    {
        if (!statement.IsName(index + 1) || statement.Name(index + 1) is not { } name)
            return StatementKinds.Unclassified;
        draft.ExecutesPrepared = name;
        return StatementKinds.Select;
    }

    /// <summary>PREPARE may stand before the name, and may be the name.</summary>
    private static StatementKinds Deallocate(StatementTokens statement, StatementDraft draft)
    {
        var name = statement.Start + 1;
        if (statement.Is(name, Word.Prepare) && name + 1 < statement.End)
            name++;
        if (statement.IsName(name) && !statement.Is(name, Word.All))
            draft.Deallocates = statement.Name(name);
        return StatementKinds.Session;
    }

    /// <summary>Whatever the direction, the cursor's name comes last.</summary>
    private static StatementKinds Fetch(StatementTokens statement, StatementDraft draft)
    {
        var last = statement.End - 1;
        if (statement.Is(last - 1, Word.Uescape) && last - 2 > statement.Start)
            last -= 2;
        if (last == statement.Start || !statement.IsName(last) || statement.Name(last) is not { } name)
            return StatementKinds.Unclassified;
        draft.FetchesCursor = name;
        return StatementKinds.Select;
    }
}
