using WireGuardian.Sql.Lexing;

namespace WireGuardian.Sql.Postgres;

/// <summary>Relations where a statement names them, and the names that stand for their rows. For people, and for telling a whole row from a column.</summary>
internal static class RelationNames
{
    /// <summary>Adds the relations that this key word introduces.</summary>
    public static void Note(StatementTokens statement, int index, PostgresKeyword keyword, StatementDraft draft)
    {
        if (draft.RelationSteps > MostSteps(statement))
            return;
        switch (keyword)
        {
            case PostgresKeyword.From when !IsFunctionSyntax(statement, index):
                draft.RelationSteps += FromClause(statement, index + 1, draft, null, isWritten: statement.Is(index - 1, PostgresKeyword.Delete));
                break;
            case PostgresKeyword.Using when !statement.IsOpen(index + 1) && IsDataModifying(statement):
                draft.RelationSteps += FromClause(statement, index + 1, draft, null);
                break;
            case PostgresKeyword.Into or PostgresKeyword.Truncate:
                draft.RelationSteps += List(statement, index + 1, draft, isWritten: true);
                break;
            case PostgresKeyword.Table or PostgresKeyword.View:
                draft.RelationSteps += List(statement, index + 1, draft, isWritten: IsChanged(statement, index));
                break;
            case PostgresKeyword.Lock or PostgresKeyword.Vacuum or PostgresKeyword.Analyze or PostgresKeyword.Analyse when index == statement.Start:
                draft.RelationSteps += List(statement, index + 1, draft, isWritten: false);
                break;
            case PostgresKeyword.Copy when index == statement.Start:
                draft.RelationSteps += List(statement, index + 1, draft, isWritten: !statement.IsOpen(index + 1) && statement.Find(index + 1, PostgresKeyword.From) > 0);
                break;
            case PostgresKeyword.Update when IsUpdate(statement, index):
                draft.RelationSteps += List(statement, index + 1, draft, isWritten: true);
                break;
            case PostgresKeyword.On when statement.Keyword(statement.Start) is PostgresKeyword.Create or PostgresKeyword.Grant
                or PostgresKeyword.Revoke or PostgresKeyword.Drop or PostgresKeyword.Alter:
                draft.RelationSteps += List(statement, index + 1, draft, isWritten: !MakesRelation(statement));
                break;
        }
    }

    /// <summary>TABLE and VIEW as what a statement makes, changes or drops; TABLE t is a query, and LOCK TABLE changes nothing.</summary>
    private static bool IsChanged(StatementTokens statement, int index) =>
        statement.Keyword(statement.Start) is PostgresKeyword.Create or PostgresKeyword.Alter or PostgresKeyword.Drop or PostgresKeyword.Truncate
            or PostgresKeyword.Grant or PostgresKeyword.Revoke or PostgresKeyword.Comment or PostgresKeyword.Refresh
        && !statement.Is(index - 1, PostgresKeyword.As) && !statement.IsOpen(index - 1);

    /// <summary>True for CREATE of a table or view: an ON in it is that of a join.</summary>
    private static bool MakesRelation(StatementTokens statement)
    {
        var what = statement.Start + 1;
        if (statement.Is(what, PostgresKeyword.Or, PostgresKeyword.Replace))
            what += 2;
        return statement.Is(statement.Start, PostgresKeyword.Create)
            && statement.Keyword(what) is PostgresKeyword.Table or PostgresKeyword.View or PostgresKeyword.Materialized or PostgresKeyword.Recursive
                or PostgresKeyword.Temp or PostgresKeyword.Temporary or PostgresKeyword.Unlogged or PostgresKeyword.Local or PostgresKeyword.Global;
    }

    /// <summary>True for an UPDATE with a target, not for FOR UPDATE, ON UPDATE or DO UPDATE.</summary>
    public static bool IsUpdate(StatementTokens statement, int index) =>
        (statement.Is(index + 1, PostgresKeyword.Only) || (statement.IsName(index + 1) && !statement.Is(index + 1, PostgresKeyword.Set)))
        && statement.Keyword(index - 1) is not (PostgresKeyword.For or PostgresKeyword.Key or PostgresKeyword.On or PostgresKeyword.Do
            or PostgresKeyword.Then or PostgresKeyword.Or or PostgresKeyword.Before or PostgresKeyword.After or PostgresKeyword.Of);

    /// <summary>
    /// Gathers every name that stands for a row somewhere in the statement (relations in FROM, INTO, UPDATE and USING, and their
    /// aliases), and where they are declared. False where the statement is made to be walked over and over: then nothing is known.
    /// </summary>
    public static bool TryRows(StatementTokens statement, HashSet<string> names, HashSet<int> declarations)
    {
        var rows = new RowNames(names, declarations);
        var steps = 0;
        for (var i = statement.Start; i < statement.End; i++)
        {
            switch (statement.Keyword(i))
            {
                case PostgresKeyword.From when !IsFunctionSyntax(statement, i):
                case PostgresKeyword.Using when !statement.IsOpen(i + 1):
                case PostgresKeyword.Update:
                case PostgresKeyword.Into:
                    steps += FromClause(statement, i + 1, null, rows);
                    break;
            }

            if (steps > MostSteps(statement))
                return false;
        }

        return true;
    }

    /// <summary>Clauses at one depth do not overlap in text that makes sense; this keeps other text linear too.</summary>
    private static int MostSteps(StatementTokens statement) => 64 + 8 * (statement.End - statement.Start);

    private static bool IsDataModifying(StatementTokens statement) => statement.Keyword(statement.Start) is PostgresKeyword.Delete
        or PostgresKeyword.Merge or PostgresKeyword.With or PostgresKeyword.Explain or PostgresKeyword.Prepare;

    /// <summary>FROM in EXTRACT, SUBSTRING, TRIM and OVERLAY, or in IS DISTINCT FROM.</summary>
    private static bool IsFunctionSyntax(StatementTokens statement, int index)
    {
        if (statement.Is(index - 1, PostgresKeyword.Distinct) && statement.Keyword(index - 2) is PostgresKeyword.Is or PostgresKeyword.Not)
            return true;
        // These take one or two tokens before FROM; a longer expression there only makes the list longer than it need be.
        for (var i = index - 1; i >= index - 3; i--)
        {
            if (statement.IsOpen(i))
            {
                return statement.Keyword(i - 1) is PostgresKeyword.Extract or PostgresKeyword.Substring or PostgresKeyword.Trim
                    or PostgresKeyword.Overlay;
            }
        }

        return false;
    }

    /// <summary>Names separated by commas, with the words that may stand before and between them.</summary>
    private static int List(StatementTokens statement, int index, StatementDraft draft, bool isWritten)
    {
        var i = index;
        while (true)
        {
            while (IsNoise(statement, i))
                i++;
            if (!statement.TryQualifiedName(i, out var name, out i))
                return i - index;
            draft.AddRelation(name, isWritten);
            if (statement.IsOperator(i, (byte)'*'))
                i++;
            if (statement.Kind(i) != TokenKind.Comma)
                return i - index;
            i++;
        }
    }

    private static bool IsNoise(StatementTokens statement, int index)
    {
        var keyword = statement.Keyword(index);
        if (keyword is PostgresKeyword.Only or PostgresKeyword.Table or PostgresKeyword.Not or PostgresKeyword.Concurrently
            or PostgresKeyword.Verbose or PostgresKeyword.Analyze or PostgresKeyword.Freeze or PostgresKeyword.Full)
        {
            return true;
        }

        // "IF EXISTS t" but not a table called "if".
        return keyword is PostgresKeyword.If or PostgresKeyword.Exists or PostgresKeyword.Temp or PostgresKeyword.Temporary
            or PostgresKeyword.Unlogged && (statement.IsName(index + 1) || statement.Is(index + 1, PostgresKeyword.Not, PostgresKeyword.Exists)
                || statement.Keyword(index + 1) is PostgresKeyword.Table or PostgresKeyword.Only);
    }

    /// <summary>
    /// Walks a FROM clause at its own depth. What stands in parentheses is a subquery, which the caller comes to by itself, or a join, which
    /// is walked through.
    /// </summary>
    private static int FromClause(StatementTokens statement, int index, StatementDraft? draft, RowNames? rows, bool isWritten = false)
    {
        var wantsItem = true;
        var wantsAlias = false;
        var steps = 0;
        for (var i = index; i < statement.End; steps++)
        {
            var token = statement[i];
            switch (token.Kind)
            {
                case TokenKind.Comma:
                    (wantsItem, wantsAlias) = (true, false);
                    i++;
                    continue;
                case TokenKind.OpenParenthesis when wantsItem && (statement.IsName(i + 1) || statement.IsOpen(i + 1)):
                    i++;
                    continue;
                case TokenKind.OpenParenthesis:
                    wantsAlias = wantsItem || wantsAlias;
                    wantsItem = false;
                    i = statement.Next(i);
                    continue;
                case TokenKind.CloseParenthesis when token.Partner >= index:
                    (wantsItem, wantsAlias) = (false, true);
                    i++;
                    continue;
                case TokenKind.CloseParenthesis or TokenKind.Semicolon:
                    return steps;
                case TokenKind.Keyword when token.Is(PostgresKeyword.Join):
                    (wantsItem, wantsAlias) = (true, false);
                    i++;
                    continue;
                case TokenKind.Keyword when EndsClause(token.Keyword):
                    return steps;
                case TokenKind.Keyword when token.Keyword.IsReserved() || token.Keyword.IsFunctionOrTypeOnly():
                    // AS, ONLY, LATERAL come before a name; after ON, LEFT and the like there is no alias.
                    wantsAlias &= token.Is(PostgresKeyword.As);
                    i++;
                    continue;
            }

            if (token.Kind == TokenKind.Keyword && wantsItem && token.Keyword is PostgresKeyword.Temp or PostgresKeyword.Temporary)
            {
                i++;
                continue;
            }

            if ((wantsItem || wantsAlias) && statement.TryQualifiedName(i, out var name, out var next))
            {
                if (wantsItem && !statement.IsOpen(next))
                    draft?.AddRelation(name, isWritten);
                rows?.Add(name.Name, i);
                (wantsItem, wantsAlias) = (false, wantsItem);
                i = next;
                continue;
            }

            i++;
        }

        return steps;
    }

    private static bool EndsClause(PostgresKeyword keyword) => keyword is PostgresKeyword.Where or PostgresKeyword.Group
        or PostgresKeyword.Having or PostgresKeyword.Order or PostgresKeyword.Limit or PostgresKeyword.Offset or PostgresKeyword.Fetch
        or PostgresKeyword.For or PostgresKeyword.Union or PostgresKeyword.Intersect or PostgresKeyword.Except or PostgresKeyword.Window
        or PostgresKeyword.Returning or PostgresKeyword.Select or PostgresKeyword.Into or PostgresKeyword.When or PostgresKeyword.From
        or PostgresKeyword.Set or PostgresKeyword.Values;

    private readonly record struct RowNames(HashSet<string> Names, HashSet<int> Declarations)
    {
        public void Add(string name, int declaration)
        {
            Names.Add(name);
            Declarations.Add(declaration);
        }
    }
}
