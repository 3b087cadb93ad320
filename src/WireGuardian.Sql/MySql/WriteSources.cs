using WireGuardian.Core.Statements;
using WireGuardian.Sql.Lexing;
using Word = WireGuardian.Sql.Lexing.MySqlKeyword;

namespace WireGuardian.Sql.MySql;

/// <summary>Where a statement writes what it read: into a table, a user variable, a file. An entry reads at least what the written value is computed from.</summary>
internal static class WriteSources
{
    /// <summary>More assignments than this get the names of the whole statement, so that the cost stays linear.</summary>
    private const int MostPrecise = 64;

    /// <summary>Adds an entry for all that the statement names, unless it names nothing.</summary>
    public static void AddEverything(StatementTokens statement, StatementDraft draft) => AddEverything(statement, null, null, draft);

    /// <summary>Adds an entry where the statement writes a user variable (<c>:=</c>, SET, INTO) while it reads something.</summary>
    public static void AddVariables(StatementTokens statement, StatementDraft draft)
    {
        if (draft.UserVariablesWritten.Count > 0 && draft.WriteSourceCount == 0)
            AddEverything(statement, draft);
    }

    /// <summary>Adds an entry for a part of the statement, unless it names nothing.</summary>
    public static void AddRegion(StatementTokens statement, int from, int to, Identifier? target, StatementDraft draft) =>
        Add(statement, from, to, target, null, null, draft);

    /// <summary>INSERT and REPLACE: the source, the assignments of SET and of ON DUPLICATE KEY UPDATE.</summary>
    public static void AddInsert(StatementTokens statement, int verb, StatementDraft draft)
    {
        var i = verb + 1;
        while (statement.Keyword(i) is Word.LowPriority or Word.HighPriority or Word.Delayed or Word.Ignore or Word.Into)
            i++;
        Identifier? target = statement.TryQualifiedName(i, out var name, out i) ? name : null;
        if (statement.Is(i, Word.Partition))
            i = statement.Next(i + 1);
        if (statement.IsOpen(i) && !IsQuery(statement, i + 1))
            i = statement.Next(i);
        var duplicate = Duplicate(statement, i);
        var returning = statement.Settings.IsMariaDb ? statement.Find(i, Word.Returning) : -1;
        var last = returning >= 0 ? returning : statement.End;
        var sourceEnd = duplicate >= 0 ? duplicate : last;
        if (statement.Is(i, Word.Set))
            Assignments(statement, i + 1, sourceEnd, target, null, draft);
        else
            Add(statement, i, sourceEnd, target, null, null, draft);
        if (duplicate >= 0)
            Assignments(statement, duplicate + 4, last, target, (i, duplicate), draft);
        AddVariables(statement, draft);
    }

    /// <summary>UPDATE of one table or of several joined: then a value may come from any of them.</summary>
    public static void AddUpdate(StatementTokens statement, int verb, StatementDraft draft)
    {
        var set = statement.Find(verb + 1, Word.Set);
        if (set < 0)
            return;
        var i = verb + 1;
        while (statement.Keyword(i) is Word.LowPriority or Word.Ignore)
            i++;
        Identifier? target = statement.TryQualifiedName(i, out var name, out var next) ? name : null;
        // UPDATE t [[AS] alias] SET: no other relation is there to read from.
        var isSingle = target is not null && (next == set || (next + 1 == set && statement.IsName(next)) || (next + 2 == set && statement.Is(next, Word.As)));
        var end = statement.End;
        foreach (var clause in (ReadOnlySpan<Word>)[Word.Where, Word.Order, Word.Limit])
        {
            var at = statement.Find(set, clause);
            if (at >= 0)
                end = Math.Min(end, at);
        }

        (int, int)? common = isSingle && verb == statement.Start ? null : (statement.Start, set);
        Assignments(statement, set + 1, end, isSingle ? target : null, common, draft);
        AddVariables(statement, draft);
    }

    private static int Duplicate(StatementTokens statement, int from)
    {
        for (var i = from; i < statement.End; i = statement.Next(i))
        {
            if (statement.Is(i, Word.On, Word.Duplicate) && statement.Is(i + 2, Word.Key, Word.Update))
                return i;
        }

        return -1;
    }

    /// <summary>The comma-separated assignments; each that reads something is an entry.</summary>
    private static void Assignments(StatementTokens statement, int from, int to, Identifier? target, (int From, int To)? common, StatementDraft draft)
    {
        for (var i = from; i < to;)
        {
            var end = i;
            while (end < to && !statement.Is(end, MySqlTokenKind.Comma))
                end = statement.Next(end);
            end = Math.Min(end, to);
            var isColumn = statement.TryQualifiedName(i, out var column, out var equals) && statement.IsOperator(equals, (byte)'=');
            if (isColumn)
                Add(statement, equals + 1, end, target, column.Name, common, draft);
            else
                Add(statement, i, end, target, null, common, draft);
            i = end + 1;
        }
    }

    private static void Add(
        StatementTokens statement, int from, int to, Identifier? target, string? column, (int From, int To)? common, StatementDraft draft)
    {
        if (!ReadsAny(statement, from, to))
            return;
        if (draft.WriteSourceCount >= MostPrecise)
        {
            AddEverything(statement, target, column, draft);
            return;
        }

        var reads = new HashSet<Identifier>();
        AddNames(statement, from, to, reads);
        if (common is { } clause)
            AddNames(statement, clause.From, clause.To, reads);
        draft.Add(new WriteSource(target, column, reads, ReadsWholeRow(statement, from, to)));
    }

    private static void AddEverything(StatementTokens statement, Identifier? target, string? column, StatementDraft draft)
    {
        if (draft.Identifiers.Count > 0)
            draft.Add(new WriteSource(target, column, draft.Identifiers, ReadsWholeRow: true));
    }

    private static void AddNames(StatementTokens statement, int from, int to, HashSet<Identifier> names)
    {
        var reader = new NameReader(statement);
        for (var i = from; i < to; i++)
        {
            if (reader.TryRead(i, out var name))
                names.Add(name);
        }
    }

    /// <summary>True where a part names something, a user variable included.</summary>
    private static bool ReadsAny(StatementTokens statement, int from, int to)
    {
        var reader = new NameReader(statement);
        for (var i = from; i < to; i++)
        {
            if (reader.TryRead(i, out _) || statement.Kind(i) == MySqlTokenKind.UserVariable)
                return true;
        }

        return false;
    }

    /// <summary>A star that stands for columns, or TABLE.</summary>
    private static bool ReadsWholeRow(StatementTokens statement, int from, int to)
    {
        for (var i = from; i < to; i++)
        {
            if (statement.Is(i, Word.Table))
                return true;
            if (!statement.IsOperator(i, (byte)'*') || statement.IsOpen(i - 1))
                continue;
            // A product has an operand on either side.
            if (statement.Kind(i - 1) is MySqlTokenKind.Dot or MySqlTokenKind.Comma || statement[i - 1].Keyword.IsReserved()
                || statement.Keyword(i - 1) is Word.SqlNoCache or Word.SqlCache or Word.SqlBufferResult)
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsQuery(StatementTokens statement, int index) =>
        statement.Keyword(index) is Word.Select or Word.With or Word.Table or Word.Values || statement.IsOpen(index);
}
