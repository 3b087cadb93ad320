using System.Text;
using WireGuardian.Core.Statements;
using WireGuardian.Sql.Lexing;
using Word = WireGuardian.Sql.Lexing.MySqlKeyword;

namespace WireGuardian.Sql.MySql;

/// <summary>SET: user variables, system variables in each of their scopes, character sets, the transaction, roles and passwords.</summary>
internal static class SettingStatement
{
    public static StatementKinds Classify(StatementTokens statement, StatementDraft draft)
    {
        var i = statement.Start + 1;
        switch (statement.Keyword(i))
        {
            case Word.Password:
                // TO RANDOM answers with the password.
                draft.Results = ResultSets.Unknown;
                return StatementKinds.Privilege | StatementClassifier.ReadsInside(statement, draft);
            case Word.Role when !IsAssignment(statement, i + 1):
                return StatementKinds.Session | StatementKinds.Privilege;
            case Word.Default when statement.Is(i + 1, Word.Role):
                return StatementKinds.Privilege;
            case Word.Resource when statement.Is(i + 1, Word.Group):
                return StatementKinds.Session;
            case Word.Transaction:
                return StatementKinds.Transaction;
            case Word.Global or Word.Session or Word.Local when statement.Is(i + 1, Word.Transaction):
                return StatementKinds.Transaction | (statement.Is(i, Word.Global) ? StatementKinds.Privilege : StatementKinds.None);
            case Word.Statement when statement.Settings.IsMariaDb && !IsAssignment(statement, i + 1):
                return ForStatement(statement, draft);
        }

        var kinds = StatementKinds.Session | Assignments(statement, i, statement.End, SettingScope.Session, draft)
            | StatementClassifier.ReadsInside(statement, draft);
        // A system variable keeps what it is set to as a user variable does.
        if (kinds.HasFlag(StatementKinds.Select) && draft.WriteSourceCount == 0)
            WriteSources.AddEverything(statement, draft);
        else
            WriteSources.AddVariables(statement, draft);
        return kinds;
    }

    /// <summary>MariaDB's SET STATEMENT … FOR: settings for one statement, which is read before they are in force.</summary>
    private static StatementKinds ForStatement(StatementTokens statement, StatementDraft draft)
    {
        var end = statement.Find(statement.Start + 2, Word.For);
        if (end < 0)
            return StatementKinds.Session | StatementKinds.Unclassified;
        var kinds = StatementKinds.Session | Assignments(statement, statement.Start + 2, end, SettingScope.Statement, draft);
        // What a setting changes about reading would have to hold for prepared statements inside.
        if (draft.MayChangeReading)
            kinds |= StatementKinds.Unclassified;
        draft.MayChangeSettings = false;
        // One inside another would make this recurse into what the text nests.
        return statement.Is(end + 1, Word.Set, Word.Statement)
            ? kinds | StatementKinds.Unclassified
            : kinds | StatementClassifier.Kinds(statement.Part(end + 1, statement.End), draft);
    }

    private static StatementKinds Assignments(StatementTokens statement, int from, int to, SettingScope initial, StatementDraft draft)
    {
        var kinds = StatementKinds.None;
        var part = statement.Part(statement.Start, to);
        for (var i = from; i < to;)
        {
            var end = i;
            while (end < to && !part.Is(end, MySqlTokenKind.Comma))
                end = part.Next(end);
            kinds |= Assignment(part, i, end, initial, draft);
            i = end + 1;
        }

        return from >= to ? StatementKinds.Unclassified : kinds;
    }

    private static StatementKinds Assignment(StatementTokens statement, int index, int end, SettingScope scope, StatementDraft draft)
    {
        if (statement.Variable(index) is { } variable)
        {
            draft.AddUserVariableWritten(variable);
            return IsAssignment(statement, index + 1) ? StatementKinds.None : StatementKinds.Unclassified;
        }

        draft.MayChangeSettings = true;
        if (statement.Is(index, Word.Names))
            return CharacterSet(statement, index + 1, end, draft);
        if (statement.Is(index, Word.Character, Word.Set))
            return CharacterSet(statement, index + 2, end, draft);
        if (statement.Is(index, Word.Charset) && !IsAssignment(statement, index + 1))
            return CharacterSet(statement, index + 1, end, draft);

        var i = index;
        if (statement.Is(i, MySqlTokenKind.SystemVariable))
            i++;
        if (Scope(statement, i) is { } named)
        {
            scope = scope == SettingScope.Statement ? scope : named;
            i += statement.Is(i + 1, MySqlTokenKind.Dot) ? 2 : 1;
        }

        // A structured variable (hot_cache.key_buffer_size) goes by its last part.
        if (!statement.TryQualifiedName(i, out var name, out var equals) || !IsAssignment(statement, equals))
            return StatementKinds.Unclassified;
        draft.Add(new SettingChange(scope, name.Name, Value(statement, equals + 1, end)));
        if (ChangesReading(name.Name))
            draft.MayChangeReading = true;
        var isPrivileged = scope is SettingScope.Global or SettingScope.Persist or SettingScope.PersistOnly || IsPrivileged(name.Name);
        return isPrivileged ? StatementKinds.Privilege : StatementKinds.None;
    }

    private static bool IsAssignment(StatementTokens statement, int index) =>
        statement.IsOperator(index, (byte)'=') || statement.Is(index, MySqlTokenKind.ColonEquals);

    private static SettingScope? Scope(StatementTokens statement, int index)
    {
        // "SET global = 1" has no scope but a variable of that name.
        if (IsAssignment(statement, index + 1))
            return null;
        return statement.Keyword(index) switch
        {
            Word.Global => SettingScope.Global,
            Word.Session or Word.Local => SettingScope.Session,
            Word.Persist => SettingScope.Persist,
            Word.PersistOnly => SettingScope.PersistOnly,
            // Next to a dot a word is no key word.
            _ => statement.Is(index + 1, MySqlTokenKind.Dot)
                ? statement.Name(index) switch
                {
                    "global" => SettingScope.Global,
                    "session" or "local" => SettingScope.Session,
                    "persist" => SettingScope.Persist,
                    "persist_only" => SettingScope.PersistOnly,
                    _ => null,
                }
                : null,
        };
    }

    /// <summary>SET NAMES and SET CHARACTER SET: the client's character set is what text is read in.</summary>
    private static StatementKinds CharacterSet(StatementTokens statement, int index, int end, StatementDraft draft)
    {
        var last = index + 1;
        if (statement.Is(last, Word.Collate))
            last += 2;
        var value = Value(statement, index, index + 1);
        draft.Add(new SettingChange(SettingScope.Session, "character_set_client", value));
        draft.Add(new SettingChange(SettingScope.Session, "character_set_results", value));
        draft.Add(new SettingChange(SettingScope.Session, "character_set_connection", value));
        return last == end ? StatementKinds.None : StatementKinds.Unclassified;
    }

    /// <summary>A literal, or a word; anything else the server has to be asked for.</summary>
    private static string? Value(StatementTokens statement, int index, int end)
    {
        if (end != index + 1 || statement.Is(index, Word.Default))
            return null;
        if (statement.Literal(index) is { } text)
            return Encoding.UTF8.GetString(text);
        return statement.Kind(index) == MySqlTokenKind.Number ? Encoding.UTF8.GetString(statement.Bytes(index)) : statement.Identifier(index);
    }

    private static bool ChangesReading(string name) =>
        name is "sql_mode" || name.StartsWith("character_set", StringComparison.Ordinal) || name.StartsWith("collation", StringComparison.Ordinal);

    /// <summary>Settings of a session that take something away from the record, or check less.</summary>
    private static bool IsPrivileged(string name) => name is "sql_log_bin" or "sql_log_off" or "gtid_next" or "pseudo_thread_id" or "server_id"
        or "binlog_format" or "binlog_row_image" or "secure_timestamp" or "skip_replication" or "gtid_seq_no" or "gtid_domain_id";
}
