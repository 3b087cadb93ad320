using System.Collections.Frozen;
using WireGuardian.Core.Statements;
using WireGuardian.Sql.Lexing;
using Word = WireGuardian.Sql.Lexing.PostgresKeyword;

namespace WireGuardian.Sql.Postgres;

/// <summary>
/// Looks through the body of a routine in SQL or PL/pgSQL: not what it means, but what it can do at most. Every key word that can start a
/// statement counts wherever it stands.
/// </summary>
public static class RoutineBody
{
    /// <summary>Scans a body from the catalog. It was made under settings that nobody knows any more: a body that they matter to is read both ways.</summary>
    public static RoutineFacts Scan(ReadOnlySpan<byte> body)
    {
        var facts = Scan(body, PostgresSqlSettings.Default);
        if (!body.Contains((byte)'\\'))
            return facts;
        var other = Scan(body, PostgresSqlSettings.Default with { StandardConformingStrings = false });
        return new RoutineFacts(
            facts.Kinds | other.Kinds,
            facts.Identifiers.Union(other.Identifiers).ToHashSet(),
            facts.Operators.Union(other.Operators).ToHashSet(),
            facts.HasDynamicSql || other.HasDynamicSql,
            facts.ReadsCursor || other.ReadsCursor,
            facts.KeepsRow || other.KeepsRow)
        {
            RowAssignments = facts.RowAssignments is { } one && other.RowAssignments is { } two ? [.. one, .. two] : null,
        };
    }

    internal static RoutineFacts Scan(ReadOnlySpan<byte> body, PostgresSqlSettings settings)
    {
        using var buffer = TokenBuffer.Read(body, settings.StandardConformingStrings);
        if (!buffer.IsComplete || !PostgresAnalyzer.IsReadable(body, settings.Encoding))
        {
            return new RoutineFacts(
                StatementKinds.Unclassified, FrozenSet<Identifier>.Empty, FrozenSet<string>.Empty, HasDynamicSql: true, ReadsCursor: true, KeepsRow: true);
        }

        var statement = new StatementTokens(body, buffer.Tokens, 0, buffer.Count);
        // Literals of SQL inside a body are never followed further.
        var draft = new StatementDraft(settings, depth: int.MaxValue);
        NameSweep.Run(statement, draft);
        var kinds = draft.Effects;
        var isDynamic = draft.IsOpaque;
        var readsCursor = draft.Identifiers.Contains(new Identifier(null, "refcursor"));
        var keepsRow = false;
        for (var i = 0; i < buffer.Count; i++)
        {
            keepsRow |= KeepsRow(statement, i);
            kinds |= Kinds(statement, i, kinds);
            // What a body prepares or drops by name changes what an EXECUTE outside of it runs.
            isDynamic |= statement.Is(i, Word.Execute) || (statement.Keyword(i) is Word.Prepare or Word.Deallocate && IsStart(statement, i));
            readsCursor |= statement.Is(i, Word.Move) || (statement.Is(i, Word.Fetch) && !IsLimit(statement, i));
        }

        return new RoutineFacts(kinds, draft.Identifiers, draft.Operators, isDynamic, readsCursor, keepsRow)
        {
            RowAssignments = buffer.IsBalanced ? RowAssignments.Read(statement, settings) : null,
        };
    }

    /// <summary>What the statements in a body of the SQL standard's form do: from BEGIN ATOMIC to the end.</summary>
    internal static StatementKinds KindsOf(StatementTokens statement, int from)
    {
        var kinds = StatementKinds.None;
        var body = statement.Find(from, Word.Atomic);
        for (var i = body; i >= 0 && i < statement.End; i++)
            kinds |= Kinds(statement, i, kinds);
        return kinds;
    }

    private static StatementKinds Kinds(StatementTokens statement, int index, StatementKinds kinds) => statement.Keyword(index) switch
    {
        Word.Select => StatementKinds.Select,
        Word.Insert or Word.Update or Word.Delete or Word.Merge when QueryStatement.IsDataModifying(statement, index) =>
            QueryStatement.Verb(statement.Keyword(index)),
        Word.Create or Word.Alter or Word.Drop => StatementKinds.Ddl,
        Word.Truncate => StatementKinds.Ddl | StatementKinds.Delete,
        Word.Grant or Word.Revoke => StatementKinds.Privilege,
        Word.Owned or Word.Policy => StatementKinds.Privilege,
        Word.Role or Word.User or Word.Group when statement.Keyword(index - 1) is Word.Create or Word.Alter or Word.Drop => StatementKinds.Privilege,
        Word.Owner when statement.Is(index + 1, Word.To) => StatementKinds.Privilege,
        Word.Copy when statement.IsName(index + 1) || statement.IsOpen(index + 1) => StatementKinds.Export | StatementKinds.Import,
        Word.Call or Word.Load when IsStart(statement, index) => StatementKinds.Code,
        Word.Commit or Word.Rollback or Word.Lock when IsStart(statement, index) => StatementKinds.Transaction,
        Word.Set or Word.Reset or Word.Close when IsStart(statement, index) => StatementKinds.Session,
        Word.Cursor => StatementKinds.Session,
        Word.NoKeyword when IsWord(statement, index, "open"u8) && IsStart(statement, index) => StatementKinds.Session,
        Word.Vacuum or Word.Analyze or Word.Reindex or Word.Cluster or Word.Refresh when IsStart(statement, index) => StatementKinds.Maintenance,
        Word.Do or Word.Then => QueryStatement.Action(statement, index, kinds),
        _ => StatementKinds.None,
    };

    /// <summary>NEW or OLD as a whole, but for <c>RETURN NEW</c> and <c>NEW IS DISTINCT FROM OLD</c>.</summary>
    private static bool KeepsRow(StatementTokens statement, int index)
    {
        var isRow = statement.Keyword(index) is Word.New or Word.Old
            || (statement.Kind(index) is TokenKind.QuotedIdentifier or TokenKind.UnicodeIdentifier && statement.Name(index) is "new" or "old");
        if (!isRow || statement.Kind(index - 1) == TokenKind.Dot)
            return false;
        var next = index + 1;
        if (statement.Kind(next) == TokenKind.Dot)
        {
            if (statement.Kind(next + 1) != TokenKind.Operator)
                return false;
            next += 2;
        }
        var isReturned = statement.Is(index - 1, Word.Return) && statement.Kind(next) is TokenKind.Semicolon or TokenKind.End;
        return !isReturned && !statement.Is(next, Word.Is) && !statement.Is(index - 2, Word.Distinct, Word.From);
    }

    private static bool IsStart(StatementTokens statement, int index) =>
        statement.Kind(index - 1) is TokenKind.Semicolon or TokenKind.End or TokenKind.Operator
        || statement.Keyword(index - 1) is Word.Begin or Word.Then or Word.Else or Word.Atomic || IsLoop(statement, index - 1);

    private static bool IsLoop(StatementTokens statement, int index) => IsWord(statement, index, "loop"u8);

    /// <summary>LOOP and OPEN are words of PL/pgSQL alone.</summary>
    private static bool IsWord(StatementTokens statement, int index, ReadOnlySpan<byte> word) =>
        statement.Kind(index) == TokenKind.Identifier && System.Text.Ascii.EqualsIgnoreCase(statement.Bytes(index), word);

    /// <summary>FETCH FIRST n ROWS ONLY is another way to say LIMIT.</summary>
    private static bool IsLimit(StatementTokens statement, int index)
    {
        if (statement.Keyword(index + 1) is not (Word.First or Word.Next))
            return false;
        var count = index + 2;
        if (statement.IsOperator(count, (byte)'+') || statement.IsOperator(count, (byte)'-'))
            count++;
        return statement.Keyword(count) is Word.Row or Word.Rows || statement.Keyword(statement.Next(count)) is Word.Row or Word.Rows;
    }
}
