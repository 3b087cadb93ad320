using WireGuardian.Core.Statements;
using WireGuardian.Sql.Lexing;
using Word = WireGuardian.Sql.Lexing.PostgresKeyword;

namespace WireGuardian.Sql.Postgres;

/// <summary>ALTER and DROP, and what they share with CREATE.</summary>
internal static class DefinitionStatement
{
    public static StatementKinds Alter(StatementTokens statement, StatementDraft draft)
    {
        var i = statement.Start + 1;
        var kinds = statement.Keyword(i) switch
        {
            Word.Role or Word.User or Word.Group or Word.Policy or Word.System => StatementKinds.Ddl | StatementKinds.Privilege,
            Word.Default when statement.Is(i + 1, Word.Privileges) => StatementKinds.Ddl | StatementKinds.Privilege,
            Word.Publication or Word.Subscription => StatementKinds.Ddl | StatementKinds.Export,
            Word.Extension => StatementKinds.Ddl | StatementKinds.Code,
            _ => IsObject(statement, i) ? StatementKinds.Ddl : StatementKinds.Ddl | StatementKinds.Unclassified,
        };
        draft.AltersSchema = statement.Is(i, Word.Schema);
        var isRename = RenamesPart(statement, i, draft);
        for (var k = i + 1; k < statement.End && !isRename; k = statement.Next(k))
        {
            if (statement.Is(k, Word.Owner, Word.To) || (statement.Is(k, Word.Row, Word.Level) && statement.Is(k + 2, Word.Security)))
                kinds |= StatementKinds.Privilege;
        }

        if (statement.Is(i, Word.Table) || statement.Is(i, Word.Foreign, Word.Table))
        {
            AddExpressions(statement, i, draft);
            Conditions.AddOfTable(statement, i, draft);
        }
        if (statement.Is(i, Word.Policy))
            Conditions.AddOfPolicy(statement, i, draft);
        if (statement.Is(i, Word.Domain))
            AddDomainDefault(statement, i, draft);
        if (statement.Keyword(i) is Word.Function or Word.Procedure or Word.Routine)
            AddRoutineNames(statement, i + 1, draft);
        return kinds | SecurityDefiner(statement, i);
    }

    public static StatementKinds Drop(StatementTokens statement, StatementDraft draft)
    {
        var i = statement.Start + 1;
        draft.DropsTables = statement.Is(i, Word.Table) && statement.Find(i, Word.Cascade) < 0;
        return statement.Keyword(i) switch
        {
            Word.Role or Word.User or Word.Group or Word.Policy or Word.Owned => StatementKinds.Ddl | StatementKinds.Privilege,
            _ => IsObject(statement, i) ? StatementKinds.Ddl : StatementKinds.Ddl | StatementKinds.Unclassified,
        };
    }

    /// <summary>A routine that runs with its owner's rights is a matter of privileges.</summary>
    public static StatementKinds SecurityDefiner(StatementTokens statement, int from)
    {
        for (var i = from; i < statement.End; i = statement.Next(i))
        {
            if (statement.Is(i, Word.Security, Word.Definer))
                return StatementKinds.Privilege;
        }

        return StatementKinds.None;
    }

    /// <summary>Whatever has a column of the domain stores its default.</summary>
    public static void AddDomainDefault(StatementTokens statement, int index, StatementDraft draft)
    {
        var expression = statement.Find(index, Word.Default);
        if (expression > 0 && !statement.Is(expression - 1, Word.Drop))
            WriteSources.AddRegion(statement, expression + 1, statement.End, null, false, draft);
    }

    /// <summary>The name of the routine, and the one that it gets.</summary>
    private static void AddRoutineNames(StatementTokens statement, int index, StatementDraft draft)
    {
        if (!statement.TryQualifiedName(index, out var routine, out var next))
            return;
        var rename = statement.Find(next, Word.Rename);
        draft.RoutineNames = rename > 0 && statement.Is(rename + 1, Word.To) && statement.Name(rename + 2) is { } to ? [routine.Name, to] : [routine.Name];
    }

    /// <summary>The expressions of generated columns.</summary>
    public static void AddGenerated(StatementTokens statement, int from, Identifier? target, StatementDraft draft)
    {
        for (var i = from; i < statement.End; i++)
        {
            if (!statement.Is(i, Word.Generated, Word.Always) || !statement.Is(i + 2, Word.As) || !statement.IsOpen(i + 3))
                continue;
            var end = statement.Next(i + 3);
            WriteSources.AddRegion(statement, i + 4, Math.Min(end, statement.End) - 1, target, false, draft);
            i = end - 1;
        }
    }

    /// <summary>The expressions that rewrite a table's rows: USING, GENERATED, and the default of a new column; and a generated column that becomes a plain one.</summary>
    private static void AddExpressions(StatementTokens statement, int index, StatementDraft draft)
    {
        var table = index + 1;
        while (statement.Keyword(table) is Word.Table or Word.If or Word.Exists or Word.Only)
            table++;
        Identifier? target = statement.TryQualifiedName(table, out var name, out var next) ? name : null;
        AddGenerated(statement, next, target, draft);
        var rewrites = new RowRewrites(statement, next);
        for (var i = next; i < statement.End;)
        {
            var expression = i;
            i = statement.Next(i);
            draft.Detaches |= statement.Is(expression, Word.Detach, Word.Partition) || statement.Is(expression, Word.No, Word.Inherit);
            if (statement.Is(expression, Word.Drop) && statement.Is(expression + 1, Word.Expression))
            {
                // What it keeps was computed from other columns of the row.
                if (target is { } plain)
                    draft.Add(new WriteSource(plain, null, new HashSet<Identifier> { plain }, false));
                rewrites.AddKept(expression);
                continue;
            }
            if (statement.Is(expression, Word.Set, Word.Expression) && statement.Is(expression + 2, Word.As) && statement.IsOpen(expression + 3))
            {
                WriteSources.AddRegion(statement, expression + 4, statement.Next(expression + 3) - 1, target, false, draft);
                rewrites.Add(expression, expression + 4, statement.Next(expression + 3) - 1);
            }
            if (statement.Is(expression, Word.Generated, Word.Always) && statement.IsOpen(expression + 3))
                rewrites.Add(expression, expression + 4, statement.Next(expression + 3) - 1);
            if (statement.Keyword(expression) is not (Word.Using or Word.Default) || statement.Is(expression - 1, Word.Drop))
                continue;
            var end = i;
            while (end < statement.End && statement.Kind(end) != TokenKind.Comma)
                end = statement.Next(end);
            WriteSources.AddRegion(statement, i, Math.Min(end, statement.End), target, false, draft);
            rewrites.Add(expression, i, Math.Min(end, statement.End));
            i = end;
        }
        if (target is { } altered)
            draft.Rewrites = rewrites.ToFacts(altered, statement.Text[statement[table].Start..statement[next - 1].End]);
    }

    /// <summary>True for RENAME behind a relation's or type's name: what follows are names, an OWNER among them too.</summary>
    private static bool RenamesPart(StatementTokens statement, int index, StatementDraft draft)
    {
        var i = index;
        while (statement.Keyword(i) is Word.Foreign or Word.Materialized)
            i++;
        if (statement.Keyword(i) is not (Word.Table or Word.View or Word.Index or Word.Sequence or Word.Type or Word.Domain))
            return false;
        i++;
        if (statement.Is(i, Word.If, Word.Exists))
            i += 2;
        if (statement.Is(i, Word.Only))
            i++;
        if (!statement.TryQualifiedName(i, out var from, out i))
            return false;
        if (statement.IsOperator(i, (byte)'*'))
            i++;
        if (statement.Is(i, Word.Rename, Word.To) && statement.Name(i + 2) is { } to)
            draft.Renames = new RenamedRelation(from, to);
        return statement.Is(i, Word.Rename);
    }

    private static bool IsObject(StatementTokens statement, int index) => statement.Keyword(index) is Word.Table or Word.View or Word.Index
        or Word.Sequence or Word.Schema or Word.Database or Word.Tablespace or Word.Type or Word.Domain or Word.Function or Word.Procedure
        or Word.Routine or Word.Aggregate or Word.Operator or Word.Cast or Word.Collation or Word.Conversion or Word.Server or Word.Statistics
        or Word.Transform or Word.Access or Word.Foreign or Word.Text or Word.Assertion or Word.Materialized or Word.Rule or Word.Trigger
        or Word.Event or Word.Extension or Word.Language or Word.Procedural or Word.Publication or Word.Subscription or Word.Large;
}
