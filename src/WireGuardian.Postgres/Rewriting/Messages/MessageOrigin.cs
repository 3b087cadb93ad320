using WireGuardian.Postgres.Messages;

namespace WireGuardian.Postgres.Rewriting.Messages;

/// <summary>Who worded a message.</summary>
internal enum MessageOrigin
{
    /// <summary>The server, by one of its own templates for errors.</summary>
    Server,

    /// <summary>
    /// Perhaps somebody's code: notices, internal errors, errors of procedural languages. Stays only if every word of it is harmless.
    /// </summary>
    Doubtful,

    /// <summary>Somebody's code, by RAISE and its like, or another server: every letter of it may be a value.</summary>
    Raised,
}

/// <summary>Tells the origin of a message.</summary>
internal static class MessageOrigins
{
    // The server's functions that report a text which code gave them, and those that report what another server said.
    private static readonly HashSet<string> RaisingRoutines =
    [
        "exec_stmt_raise", "exec_stmt_assert", "PLy_output", "PLy_elog_impl", "PLy_elog", "plperl_util_elog", "do_util_elog", "do_plperl_return_next",
        "plperl_call_perl_func", "pltcl_elog", "throw_tcl_error", "plv8_Elog", "dblink_res_error", "pgfdw_report_error", "pgfdw_report_internal",
        "ereport_xml", "xml_ereport",
    ];

    private static readonly string[] RaisingFiles = ["plpy", "plperl", "pltcl", "plv8", "dblink", "elog.pl"];

    // External routines, PL/pgSQL, internal errors (which name anything) and what is not the server's own.
    private static readonly string[] DoubtfulClasses = ["38", "39", "P0", "XX", "HV", "00", "01", "02"];

    public static MessageOrigin Of(MessageFields fields)
    {
        var routine = fields.Find(ErrorField.Routine);
        var file = fields.Find(ErrorField.File);
        var sqlState = fields.Find(ErrorField.SqlState);
        if (RaisingRoutines.Contains(routine) || sqlState == SqlStates.RaiseException
            || Array.Exists(RaisingFiles, start => file.StartsWith(start, StringComparison.Ordinal)))
        {
            return MessageOrigin.Raised;
        }
        var severity = fields.Find(ErrorField.Severity);
        var error = severity is "ERROR" or "FATAL" or "PANIC";
        return !error || !SqlStates.IsKnown(sqlState) || Array.Exists(DoubtfulClasses, start => sqlState.StartsWith(start, StringComparison.Ordinal))
            ? MessageOrigin.Doubtful
            : MessageOrigin.Server;
    }
}
