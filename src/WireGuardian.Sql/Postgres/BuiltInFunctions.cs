using System.Collections.Frozen;
using WireGuardian.Core.Statements;
using WireGuardian.Sql.Lexing;

namespace WireGuardian.Sql.Postgres;

/// <summary>
/// Functions that come with the server, and a few of its extensions, that make a query more than a query. A name counts wherever it stands:
/// <c>(path).pg_read_file</c> calls it too.
/// </summary>
internal static class BuiltInFunctions
{
    /// <summary>SQL inside literals inside literals is looked into so far; beyond, it is code.</summary>
    private const int DeepestLiteral = 2;

    private enum Trait
    {
        None,

        /// <summary>Changes settings: set_config.</summary>
        Settings,

        /// <summary>Stores or sends its arguments.</summary>
        HandsOut,

        /// <summary>Runs its first argument as SQL.</summary>
        FirstIsSql,

        /// <summary>Runs its last text argument as SQL, and sends it elsewhere.</summary>
        LastIsSql,

        /// <summary>Reads relations, or a cursor, that its arguments name by value.</summary>
        ReadsByName,
    }

    private static readonly FrozenDictionary<string, (StatementKinds Kinds, Trait Trait)> ByName = Build();

    public static void Note(StatementTokens statement, int index, string name, StatementDraft draft)
    {
        if (!ByName.TryGetValue(name, out var function))
            return;
        draft.Effects |= function.Kinds;
        switch (function.Trait)
        {
            case Trait.Settings:
                draft.MayChangeSettings |= FirstLiteral(statement, index) is not (>= 0 and var setting) || statement.Literal(setting) is not { } bytes
                    || SettingStatement.DecidesReading(bytes);
                draft.HandsOut = true;
                break;
            case Trait.HandsOut:
                draft.HandsOut = true;
                break;
            case Trait.ReadsByName:
                draft.IsOpaque = true;
                break;
            case Trait.FirstIsSql:
                Sql(statement, FirstLiteral(statement, index), draft);
                break;
            case Trait.LastIsSql:
                draft.HandsOut = true;
                Sql(statement, LastLiteral(statement, index), draft);
                break;
        }
    }

    /// <summary>True for functions that store or send what they are given.</summary>
    public static bool HandsOut(string name) =>
        ByName.TryGetValue(name, out var function) && function.Trait is Trait.HandsOut or Trait.Settings or Trait.LastIsSql;

    /// <summary>Text that is known and classifies adds what it does; any other text may do anything.</summary>
    private static void Sql(StatementTokens statement, int literal, StatementDraft draft)
    {
        if (draft.Depth < DeepestLiteral && literal >= 0 && statement.Literal(literal) is { } sql)
        {
            var inner = PostgresAnalyzer.Analyze(sql, draft.Settings, draft.Depth + 1);
            if (inner.Count > 0 && inner.All(facts => !facts.Kinds.HasFlag(StatementKinds.Unclassified)))
            {
                foreach (var facts in inner)
                    draft.Add(facts);
                return;
            }
        }

        draft.Effects |= StatementKinds.Code | StatementKinds.Unclassified;
        draft.IsOpaque = true;
        draft.MayChangeSettings = true;
    }

    /// <summary>The first argument, if it is one literal and nothing else; otherwise -1.</summary>
    private static int FirstLiteral(StatementTokens statement, int function)
    {
        var argument = function + 2;
        return statement.IsOpen(function + 1) && statement[argument].IsString
            && statement.Kind(argument + 1) is TokenKind.Comma or TokenKind.CloseParenthesis ? argument : -1;
    }

    /// <summary>The last string, if all arguments are literals or TRUE and FALSE; otherwise -1.</summary>
    private static int LastLiteral(StatementTokens statement, int function)
    {
        if (!statement.IsOpen(function + 1))
            return -1;
        var last = -1;
        for (var i = function + 2; statement.Kind(i) != TokenKind.CloseParenthesis; i++)
        {
            var token = statement[i];
            if (token.IsString)
                last = i;
            else if (token.Kind is not (TokenKind.Comma or TokenKind.Number) && token.Keyword is not (PostgresKeyword.True or PostgresKeyword.False))
                return -1;
        }

        return last;
    }

    private static FrozenDictionary<string, (StatementKinds, Trait)> Build()
    {
        var functions = new Dictionary<string, (StatementKinds, Trait)>(StringComparer.Ordinal);
        void Add(StatementKinds kinds, Trait trait, string names)
        {
            foreach (var name in names.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                functions.Add(name, (kinds, trait));
        }

        Add(StatementKinds.Session, Trait.Settings, "set_config");
        Add(StatementKinds.Export, Trait.None,
            "pg_read_file pg_read_binary_file pg_ls_dir pg_ls_logdir pg_ls_waldir pg_ls_archive_statusdir pg_ls_tmpdir pg_stat_file "
            + "pg_current_logfile pg_logdir_ls lo_export lo_get loread "
            + "pg_logical_slot_get_changes pg_logical_slot_peek_changes pg_logical_slot_get_binary_changes pg_logical_slot_peek_binary_changes "
            + "pg_create_logical_replication_slot pg_create_physical_replication_slot pg_copy_logical_replication_slot pg_copy_physical_replication_slot");
        Add(StatementKinds.Export, Trait.HandsOut, "pg_file_write");
        Add(StatementKinds.Maintenance, Trait.None, "pg_file_rename pg_file_unlink pg_file_sync");
        Add(StatementKinds.Import, Trait.None, "lo_import");
        Add(StatementKinds.Maintenance, Trait.None,
            "pg_terminate_backend pg_cancel_backend pg_reload_conf pg_rotate_logfile pg_logfile_rotate pg_promote pg_switch_wal "
            + "pg_create_restore_point pg_backup_start pg_backup_stop pg_start_backup pg_stop_backup pg_wal_replay_pause pg_wal_replay_resume "
            + "pg_drop_replication_slot pg_replication_slot_advance pg_replication_origin_create pg_replication_origin_drop "
            + "pg_stat_reset pg_stat_reset_shared pg_stat_reset_slru pg_stat_reset_single_table_counters pg_import_system_collations "
            + "brin_summarize_new_values brin_summarize_range brin_desummarize_range gin_clean_pending_list pg_log_backend_memory_contexts");
        Add(StatementKinds.None, Trait.HandsOut,
            "pg_notify lo_put lo_from_bytea lo_create lo_truncate lo_truncate64 lo_lseek lo_lseek64 lowrite setval pg_logical_emit_message setseed set_limit "
            + "pg_advisory_lock pg_advisory_lock_shared pg_advisory_xact_lock pg_advisory_xact_lock_shared pg_try_advisory_lock pg_try_advisory_lock_shared "
            + "pg_try_advisory_xact_lock pg_try_advisory_xact_lock_shared pg_restore_relation_stats pg_restore_attribute_stats");
        Add(StatementKinds.Export, Trait.FirstIsSql, "query_to_xml query_to_xmlschema query_to_xml_and_xmlschema");
        Add(StatementKinds.None, Trait.FirstIsSql, "ts_stat");
        Add(StatementKinds.Export, Trait.ReadsByName,
            "table_to_xml table_to_xmlschema table_to_xml_and_xmlschema schema_to_xml schema_to_xmlschema schema_to_xml_and_xmlschema "
            + "database_to_xml database_to_xmlschema database_to_xml_and_xmlschema cursor_to_xml cursor_to_xmlschema");
        Add(StatementKinds.Export, Trait.LastIsSql,
            "dblink dblink_exec dblink_open dblink_send_query dblink_fetch dblink_get_result dblink_connect dblink_connect_u");
        Add(StatementKinds.None, Trait.FirstIsSql, "crosstab crosstab2 crosstab3 crosstab4 crosstabn xpath_table connectby");
        return functions.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
