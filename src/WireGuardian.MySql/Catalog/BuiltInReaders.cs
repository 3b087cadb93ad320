using System.Collections.Frozen;

namespace WireGuardian.MySql.Catalog;

/// <summary>The server's own tables, in whichever database, that show data or statements of others: histograms, logs, statement texts, buffer pages.</summary>
internal static class BuiltInReaders
{
    private static readonly FrozenSet<string> Names = new[]
    {
        "column_statistics", "column_stats", "processlist", "x$processlist", "session", "x$session", "optimizer_trace", "profiling",
        "innodb_ft_index_table", "innodb_ft_index_cache", "innodb_trx", "innodb_locks", "innodb_buffer_page", "innodb_buffer_page_lru", "general_log", "slow_log",
        "events_statements_current", "events_statements_history", "events_statements_history_long", "events_statements_summary_by_digest",
        "events_statements_histogram_by_digest", "prepared_statements_instances", "threads", "user_variables_by_thread", "statement_analysis",
        "x$statement_analysis", "innodb_lock_waits", "x$innodb_lock_waits", "schema_table_lock_waits", "x$schema_table_lock_waits", "data_locks", "data_lock_waits", "events",
    }.ToFrozenSet(StringComparer.Ordinal);

    public static bool Contains(string name) => Names.Contains(name);
}
