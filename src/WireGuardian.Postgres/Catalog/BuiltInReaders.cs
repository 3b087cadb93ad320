using System.Collections.Frozen;
using WireGuardian.Core.Masking;
using WireGuardian.Core.Policies;

namespace WireGuardian.Postgres.Catalog;

/// <summary>What comes with the server and shows stored values without naming their column: functions that take a query or a relation's name, files,
/// large objects, change streams, planner statistics, other sessions' statements.</summary>
internal static class BuiltInReaders
{
    /// <summary>The rule that masks columns of system views; it stands behind every rule of the configuration.</summary>
    public static readonly MaskingRule Rule = new() { Name = "statistics", Columns = [], Mask = MaskKind.Redact };

    private static readonly string[] Prefixes = ["dblink", "pg_ls_", "pg_logical_slot_", "pg_read_"];

    private static readonly FrozenSet<string> Names = new[]
    {
        "query_to_xml", "query_to_xmlschema", "query_to_xml_and_xmlschema", "table_to_xml", "table_to_xmlschema", "table_to_xml_and_xmlschema",
        "schema_to_xml", "schema_to_xmlschema", "schema_to_xml_and_xmlschema", "database_to_xml", "database_to_xmlschema",
        "database_to_xml_and_xmlschema", "cursor_to_xml", "cursor_to_xmlschema", "ts_stat", "ts_rewrite", "pg_stat_file",
        "lo_get", "lo_export", "lo_open", "lo_import", "loread", "pg_largeobject",
        "pg_stats", "pg_statistic", "pg_statistic_ext_data", "pg_stats_ext", "pg_stats_ext_exprs", "pg_mcv_list_items",
        "pg_stat_activity", "pg_stat_get_activity", "pg_stat_get_backend_activity", "pg_stat_statements",
        "pg_prepared_statements", "pg_prepared_statement", "pg_cursors", "pg_cursor",
        "get_raw_page", "heap_page_items", "heap_page_item_attrs", "tuple_data_split", "bt_page_items", "crosstab", "crosstabn", "connectby", "xpath_table",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Columns of system relations that hold values: relation, and the columns as a regular expression.</summary>
    public static readonly IReadOnlyList<(string Relation, string Columns)> ValueColumns =
    [
        ("pg_stats", "^(most_common_vals|histogram_bounds|most_common_elems|range_bounds_histogram|range_length_histogram)$"),
        ("pg_statistic", "^stavalues"),
        ("pg_statistic_ext_data", "^stxd(dependencies|mcv|expr)$"),
        ("pg_stats_ext", "^most_common_vals$"),
        ("pg_stats_ext_exprs", "^(expr|most_common_vals|histogram_bounds|most_common_elems)$"),
        ("pg_largeobject", "^data$"),
        ("pg_stat_activity", "^query$"),
        ("pg_prepared_statements", "^statement$"),
        ("pg_cursors", "^(name|statement)$"),
    ];

    /// <summary>The names again, as the server's regular expression, to find their OIDs.</summary>
    public static string Regex { get; } = $"^(({string.Join('|', Prefixes)}).*|{string.Join('|', Names)})$";

    public static bool Contains(string name)
    {
        if (Names.Contains(name))
            return true;
        foreach (var prefix in Prefixes)
        {
            if (name.StartsWith(prefix, StringComparison.Ordinal))
                return true;
        }
        return false;
    }

    /// <summary>
    /// True for functions that put an argument where it can be read later without its column: settings, sequences, large objects, notifications, locks, seeds.
    /// </summary>
    public static bool KeepsArguments(string name) =>
        name is "set_config" or "setval" or "pg_notify" or "lo_put" or "lo_from_bytea" or "lo_create" or "lowrite" or "pg_logical_emit_message" or "setseed" or "set_limit"
        || name.StartsWith("dblink", StringComparison.Ordinal) || name.StartsWith("lo_truncate", StringComparison.Ordinal) || name.StartsWith("lo_lseek", StringComparison.Ordinal)
        || name.StartsWith("pg_advisory_", StringComparison.Ordinal) || name.StartsWith("pg_try_advisory_", StringComparison.Ordinal) || name.StartsWith("pg_restore_", StringComparison.Ordinal);
}
