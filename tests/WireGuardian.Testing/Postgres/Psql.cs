using WireGuardian.Testing.Processes;

namespace WireGuardian.Testing.Postgres;

/// <summary>Where psql connects to.</summary>
public sealed record PsqlTarget(
    string Host, int Port, string Database, string User, string Password, string SslMode = "prefer", string? AuthorityPath = null);

/// <summary>Runs psql as a user would, without this machine's psqlrc, password file or PG* variables.</summary>
public static class Psql
{
    private static readonly string[] Quiet = ["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1"];

    /// <summary>Reads <paramref name="sql"/> from standard input; prints rows only, unaligned; stops at the first error with exit code 3.</summary>
    public static Task<ProcessResult> RunAsync(PsqlTarget target, string sql, TimeSpan? timeout = null) =>
        RunAsync(target, Quiet, sql, timeout);

    /// <summary>With arguments of your own.</summary>
    public static Task<ProcessResult> RunAsync(PsqlTarget target, IEnumerable<string> arguments, string? input, TimeSpan? timeout = null) =>
        ProcessRunner.RunAsync(PostgresBinaries.Client("psql"), arguments, input, Environment(target), timeout: timeout);

    /// <summary>A psql that stays: for statements that wait. It reads from its standard input until that is closed.</summary>
    public static BackgroundProcess Start(PsqlTarget target, params string[] arguments) =>
        BackgroundProcess.Start(PostgresBinaries.Client("psql"), arguments is [] ? Quiet : arguments, Environment(target));

    /// <summary>For pgbench, pg_dump and whatever else is made of libpq.</summary>
    public static IReadOnlyDictionary<string, string?> Environment(PsqlTarget target) => new Dictionary<string, string?>
    {
        ["PGHOST"] = target.Host,
        ["PGPORT"] = $"{target.Port}",
        ["PGDATABASE"] = target.Database,
        ["PGUSER"] = target.User,
        ["PGPASSWORD"] = target.Password,
        ["PGSSLMODE"] = target.SslMode,
        ["PGSSLROOTCERT"] = target.AuthorityPath,
        ["PGPASSFILE"] = "/dev/null",
        ["PGCONNECT_TIMEOUT"] = "20",
        ["PGOPTIONS"] = null,
        ["PGAPPNAME"] = null,
    };
}
