using WireGuardian.Core.Statements;
using WireGuardian.Sql.Lexing;
using Word = WireGuardian.Sql.Lexing.PostgresKeyword;

namespace WireGuardian.Sql.Postgres;

/// <summary>
/// Where a statement writes what it read. Precise for the statement itself; one inside a WITH may read anything that the whole statement
/// names, unless it writes constants only.
/// </summary>
internal static class WriteSources
{
    /// <summary>More assignments than this get the names of the whole statement, so that the cost stays linear.</summary>
    private const int MostPrecise = 64;

    /// <summary>More nested statements than this are not looked into.</summary>
    private const int MostNested = 16;

    /// <summary>Adds what an INSERT, UPDATE or MERGE at <paramref name="index"/> writes.</summary>
    /// <param name="with">Where the statement's own WITH starts, or the statement itself; -1 for one that is nested in another.</param>
    public static void AddStatement(StatementTokens statement, int index, int with, StatementDraft draft)
    {
        var end = statement.End;
        var isNested = with < 0;
        if (isNested)
        {
            if (statement[index - 1] is { Kind: TokenKind.OpenParenthesis } open && open.Partner > index)
                end = open.Partner;
            if (++draft.NestedWrites > MostNested)
            {
                if (!statement.Is(index, Word.Delete))
                    AddEverything(statement, Target(statement, index, out _), null, draft);
                return;
            }
        }

        switch (statement.Keyword(index))
        {
            case Word.Insert:
                Insert(statement, index, end, with, draft);
                break;
            case Word.Update:
                Update(statement, index, end, with, draft);
                break;
            case Word.Merge:
                Merge(statement, index, end, with, draft);
                break;
        }
    }

    /// <summary>Adds an entry for a part of the statement, unless it names nothing.</summary>
    public static void AddRegion(StatementTokens statement, int from, int to, Identifier? target, bool wholeRow, StatementDraft draft)
    {
        var reads = Names(statement, from, to);
        if (reads.Count > 0)
            draft.Add(new WriteSource(target, null, reads, wholeRow || IsWholeRow(statement, from, to, draft)));
    }

    /// <summary>Adds an entry for a function that stores or sends what it is given, unless only constants go in.</summary>
    public static void AddHandedOut(StatementTokens statement, StatementDraft draft)
    {
        for (var i = statement.Start; i < statement.End; i++)
        {
            if (!statement.IsOpen(i) || statement[i].Partner < 0 || !statement.IsName(i - 1) || statement.Name(i - 1) is not { } name
                || !BuiltInFunctions.HandsOut(name))
            {
                continue;
            }

            if (HasName(statement, i + 1, statement[i].Partner))
            {
                AddEverything(statement, null, null, draft);
                return;
            }
        }
    }

    private static void Insert(StatementTokens statement, int index, int end, int with, StatementDraft draft)
    {
        var target = Target(statement, index, out var i);
        if (statement.Is(i, Word.As))
            i += 2;
        if (statement.IsOpen(i) && !IsQuery(statement, i + 1))
            i = statement.Next(i);
        if (statement.Is(i, Word.Overriding))
            i += 3;
        var part = statement.Part(statement.Start, end);
        var conflict = Conflict(part, i, out var assignments);
        var returning = part.Find(i, Word.Returning);
        var sourceEnd = conflict >= 0 ? conflict : returning >= 0 ? returning : end;
        if (!statement.Is(i, Word.Default))
            Add(statement, i, sourceEnd, with, index, target, null, null, draft);
        if (assignments >= 0)
            Assignments(part, assignments, with, index, target, (i, sourceEnd), draft);
    }

    private static void Update(StatementTokens statement, int index, int end, int with, StatementDraft draft)
    {
        var target = Target(statement, index, out var i);
        var part = statement.Part(statement.Start, end);
        var set = part.Find(i, Word.Set);
        if (set < 0)
            return;
        var from = From(part, set);
        Assignments(part, set + 1, with, index, target, from < 0 ? (i, i) : (from, end), draft);
    }

    private static void Merge(StatementTokens statement, int index, int end, int with, StatementDraft draft)
    {
        var target = Target(statement, index, out var i);
        var part = statement.Part(statement.Start, end);
        var source = part.Find(i, Word.Using);
        var when = part.Find(i, Word.When);
        if (source < 0 || when < source)
            return;
        for (i = when; i < end; i = statement.Next(i))
        {
            if (!statement.Is(i, Word.Then))
                continue;
            if (statement.Is(i + 1, Word.Update, Word.Set))
            {
                Assignments(part, i + 3, with, index, target, (source, when), draft);
            }
            else if (statement.Is(i + 1, Word.Insert))
            {
                var values = statement.IsOpen(i + 2) ? statement.Next(i + 2) : i + 2;
                if (statement.Is(values, Word.Overriding))
                    values += 3;
                if (statement.Is(values, Word.Values))
                    Add(statement, values + 1, statement.Next(values + 1), with, index, target, null, (source, when), draft);
            }
        }
    }

    /// <summary>The target behind INTO or UPDATE.</summary>
    private static Identifier? Target(StatementTokens statement, int index, out int next)
    {
        next = index + 1;
        while (statement.Keyword(next) is Word.Into or Word.Only || (statement.IsOpen(next) && statement.Is(next - 1, Word.Only)))
            next++;
        return statement.TryQualifiedName(next, out var name, out next) ? name : null;
    }

    /// <summary>
    /// ON CONFLICT … DO, and where its assignments start (-1 with DO NOTHING). DO is what tells it from a join's ON with a column called conflict.
    /// </summary>
    private static int Conflict(StatementTokens statement, int from, out int assignments)
    {
        assignments = -1;
        var action = statement.Find(from, Word.Do);
        if (action < 0)
            return -1;
        if (statement.Is(action + 1, Word.Update, Word.Set))
            assignments = action + 3;
        var conflict = -1;
        for (var i = from; i < action; i = statement.Next(i))
        {
            if (statement.Is(i, Word.On, Word.Conflict))
                conflict = i;
        }

        return conflict < 0 ? action : conflict;
    }

    /// <summary>FROM of an UPDATE; that of IS DISTINCT FROM is another.</summary>
    private static int From(StatementTokens statement, int after)
    {
        var from = after;
        do
            from = statement.Find(from + 1, Word.From);
        while (from >= 0 && statement.Is(from - 1, Word.Distinct));
        return from;
    }

    /// <summary>The comma-separated assignments of SET; each that reads something is an entry.</summary>
    /// <param name="common">The clause that each of them may read: FROM, USING, or an INSERT's source.</param>
    private static void Assignments(StatementTokens statement, int start, int with, int verb, Identifier? target, (int From, int To) common, StatementDraft draft)
    {
        var brackets = 0;
        var assignment = start;
        for (var i = start; ; i = statement.Next(i))
        {
            var token = statement[i];
            if (token.Kind == TokenKind.OpenBracket)
                brackets++;
            else if (token.Kind == TokenKind.CloseBracket)
                brackets--;
            var isLast = EndsAssignments(statement, i);
            if (!isLast && (token.Kind != TokenKind.Comma || brackets > 0))
                continue;
            Assignment(statement, assignment, i, with, verb, target, common, draft);
            if (isLast)
                return;
            assignment = i + 1;
        }
    }

    private static bool EndsAssignments(StatementTokens statement, int index) =>
        statement.Kind(index) is TokenKind.End or TokenKind.CloseParenthesis or TokenKind.Semicolon
        || (statement.Is(index, Word.Then) && statement.Is(index + 1, Word.Update, Word.Set))
        || (statement.Keyword(index) is Word.Where or Word.Returning or Word.When or Word.From
            && statement.Kind(index - 1) != TokenKind.Dot && !statement.Is(index - 1, Word.Distinct) && !IsInCase(statement, index));

    /// <summary>WHEN belongs to a CASE where its assignment has one; then only another clause ends the list.</summary>
    private static bool IsInCase(StatementTokens statement, int index) =>
        statement.Is(index, Word.When) && !(statement.Is(index + 1, Word.Matched) || statement.Is(index + 1, Word.Not, Word.Matched));

    private static void Assignment(
        StatementTokens statement, int from, int to, int with, int verb, Identifier? target, (int From, int To) common, StatementDraft draft)
    {
        var brackets = 0;
        var equals = from;
        for (; equals < to; equals = statement.Next(equals))
        {
            if (statement.Kind(equals) == TokenKind.OpenBracket)
                brackets++;
            else if (statement.Kind(equals) == TokenKind.CloseBracket)
                brackets--;
            else if (brackets == 0 && statement.IsOperator(equals, (byte)'='))
                break;
        }

        var isSingleInParentheses = statement.IsOpen(from) && statement.Kind(from + 2) == TokenKind.CloseParenthesis;
        var column = isSingleInParentheses ? statement.Name(from + 1) : statement.Name(from);
        Add(statement, Math.Min(equals + 1, to), to, with, verb, target, column, common, draft);
    }

    /// <summary>One entry: what its own region names, and where that is anything, what the clauses around it name.</summary>
    private static void Add(
        StatementTokens statement, int from, int to, int with, int verb, Identifier? target, string? column, (int From, int To)? common, StatementDraft draft)
    {
        if (!HasName(statement, from, to))
            return;
        if (with < 0 || draft.WriteSources.Count >= MostPrecise)
        {
            AddEverything(statement, target, column, draft);
            return;
        }

        var reads = Names(statement, from, to);
        AddNames(statement, with, verb, reads);
        var isReadAgain = false;
        if (common is { } clause)
        {
            AddNames(statement, clause.From, clause.To, reads);
            // An assignment reads the row that it changes. Where the relation is named once more, its columns may come in under any names.
            if (target is { } row)
            {
                isReadAgain = IsNamedAgain(statement, from, to, row) || IsNamedAgain(statement, with, verb, row)
                    || IsNamedAgain(statement, clause.From, clause.To, row);
                reads.Add(row);
            }
        }

        draft.Add(new WriteSource(target, column, reads, isReadAgain || IsWholeRow(statement, from, to, draft) || (verb > with && IsWholeRow(statement, with, verb, draft))));
    }

    /// <summary>True where the relation may be read a second time: it is named otherwise than as what qualifies a column (<c>people.id</c>).</summary>
    private static bool IsNamedAgain(StatementTokens statement, int from, int to, Identifier relation)
    {
        for (var i = from; i < to; i++)
        {
            if (statement.IsName(i) && statement.Kind(i + 1) != TokenKind.Dot && statement.Name(i) == relation.Name)
                return true;
        }
        return false;
    }

    private static void AddEverything(StatementTokens statement, Identifier? target, string? column, StatementDraft draft)
    {
        draft.Rows ??= new WholeRow(statement);
        draft.Add(new WriteSource(target, column, draft.Identifiers, draft.Rows.IsReadAnywhere(statement)));
    }

    private static bool IsWholeRow(StatementTokens statement, int from, int to, StatementDraft draft) =>
        (draft.Rows ??= new WholeRow(statement)).IsRead(statement, from, to);

    /// <summary>The identifiers between two places.</summary>
    public static HashSet<Identifier> Names(StatementTokens statement, int from, int to)
    {
        var names = new HashSet<Identifier>();
        AddNames(statement, from, to, names);
        return names;
    }

    private static void AddNames(StatementTokens statement, int from, int to, HashSet<Identifier> names)
    {
        var reader = new NameReader(statement);
        for (var i = from; i < to; i++)
        {
            if (reader.TryRead(i, out var name, out _))
                names.Add(name);
        }
    }

    private static bool HasName(StatementTokens statement, int from, int to)
    {
        var reader = new NameReader(statement);
        for (var i = from; i < to; i++)
        {
            if (reader.TryRead(i, out _, out var unreadable) || unreadable)
                return true;
        }

        return false;
    }

    private static bool IsQuery(StatementTokens statement, int index) =>
        statement.Keyword(index) is Word.Select or Word.With or Word.Table || (statement.Is(index, Word.Values) && statement.IsOpen(index + 1))
        || statement.IsOpen(index);
}
