using WireGuardian.Core.Statements;
using Word = WireGuardian.Sql.Lexing.PostgresKeyword;

namespace WireGuardian.Sql.Postgres;

/// <summary>CREATE of anything.</summary>
internal static class CreateStatement
{
    public static StatementKinds Classify(StatementTokens statement, StatementDraft draft)
    {
        var i = statement.Start + 1;
        while (IsModifier(statement, i))
            i++;
        switch (statement.Keyword(i))
        {
            case Word.Table when statement.Is(i - 1, Word.Foreign):
                return StatementKinds.Ddl;
            case Word.Table or Word.Materialized:
                return Table(statement, i, draft);
            case Word.Schema:
                return Schema(statement, i);
            case Word.Function or Word.Procedure:
                RoutineStatement.AddBody(statement, i, draft);
                if (statement.TryQualifiedName(i + 1, out var routine, out _))
                    (draft.DefinesRoutine, draft.RoutineNames) = (routine.Name, [routine.Name]);
                return StatementKinds.Ddl | StatementKinds.Code | DefinitionStatement.SecurityDefiner(statement, i);
            case Word.Rule or Word.Trigger:
                // From now on every change of the table hands whole rows, old and new, to code that may store them anywhere.
                draft.Add(new WriteSource(null, null, draft.Identifiers, ReadsWholeRow: true));
                return StatementKinds.Ddl | StatementKinds.Code;
            case Word.Extension or Word.Language:
                return StatementKinds.Ddl | StatementKinds.Code;
            case Word.Publication or Word.Subscription:
                return StatementKinds.Ddl | StatementKinds.Export;
            case Word.Domain:
                DefinitionStatement.AddDomainDefault(statement, i, draft);
                return StatementKinds.Ddl;
            case Word.Index:
                Conditions.AddOfIndex(statement, i, draft);
                return StatementKinds.Ddl;
            case Word.Policy:
                Conditions.AddOfPolicy(statement, i, draft);
                return StatementKinds.Ddl | StatementKinds.Privilege;
            case Word.Role or Word.User or Word.Group:
                return StatementKinds.Ddl | StatementKinds.Privilege;
            case Word.View or Word.Sequence or Word.Database or Word.Tablespace or Word.Type or Word.Aggregate
                or Word.Operator or Word.Cast or Word.Collation or Word.Conversion or Word.Server or Word.Statistics or Word.Transform
                or Word.Access or Word.Data or Word.Text or Word.Assertion:
                return StatementKinds.Ddl;
            default:
                return StatementKinds.Ddl | StatementKinds.Unclassified;
        }
    }

    private static bool IsModifier(StatementTokens statement, int index) => statement.Keyword(index) is Word.Or or Word.Replace or Word.Global
        or Word.Local or Word.Temp or Word.Temporary or Word.Unlogged or Word.Recursive or Word.Unique or Word.Constraint or Word.Trusted
        or Word.Procedural or Word.Default or Word.Foreign or Word.Event;

    /// <summary>A table or materialized view, with columns or AS a query.</summary>
    private static StatementKinds Table(StatementTokens statement, int index, StatementDraft draft)
    {
        var name = index + 1;
        if (statement.Is(index, Word.Materialized))
            name++;
        if (statement.Is(name, Word.If, Word.Not))
            name += 3;
        Identifier? target = statement.TryQualifiedName(name, out var found, out var next) ? found : null;
        var query = statement.Find(Math.Max(next, name), Word.As);
        if (query < 0)
        {
            DefinitionStatement.AddGenerated(statement, next, target, draft);
            return StatementKinds.Ddl;
        }

        query++;
        if (statement.Is(query, Word.Execute))
            return StatementKinds.Ddl | StatementClassifier.Execute(statement, query, draft);
        var kinds = QueryStatement.Classify(statement.Part(query, statement.End), query, draft);
        WriteSources.AddRegion(statement, query, statement.End, target, false, draft);
        if (target is { } created)
            draft.Creates = new CreatedRelation(created, statement.Text[statement[query].Start..statement[QueryEnd(statement) - 1].End].ToArray());
        return StatementKinds.Ddl | kinds;
    }

    /// <summary>Where the query ends: before WITH DATA and WITH NO DATA.</summary>
    private static int QueryEnd(StatementTokens statement)
    {
        var last = statement.End - 1;
        if (!statement.Is(last, Word.Data))
            return statement.End;
        var with = statement.Is(last - 1, Word.No) ? last - 2 : last - 1;
        return statement.Is(with, Word.With) ? with : statement.End;
    }

    /// <summary>The elements of a schema stand behind one another without anything between them.</summary>
    private static StatementKinds Schema(StatementTokens statement, int index)
    {
        var kinds = StatementKinds.Ddl;
        for (var i = index + 1; i < statement.End; i = statement.Next(i))
        {
            if (statement.Is(i, Word.Grant))
                kinds |= StatementKinds.Privilege;
            else if (statement.Is(i, Word.Trigger) && statement.Keyword(i - 1) is Word.Create or Word.Constraint or Word.Replace)
                kinds |= StatementKinds.Code;
        }

        return kinds;
    }
}
