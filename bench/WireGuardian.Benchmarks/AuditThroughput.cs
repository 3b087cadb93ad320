using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using WireGuardian.Core.Audit;
using WireGuardian.Core.Audit.Evidence;
using WireGuardian.Core.Statements;
using WireGuardian.Storage.Audit;

namespace WireGuardian.Benchmarks;

/// <summary>
/// How many records a second the trail takes when all it can take is given: durable ones, many waiting at a time, and spooled ones, as fast as the queue to
/// the store has room. With signing, as a server does it. Not BenchmarkDotNet: what counts is a steady state of seconds, not one call.
/// <c>dotnet run -c Release --project bench/WireGuardian.Benchmarks -- audit-throughput [FOLDER]</c>
/// </summary>
internal static class AuditThroughput
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(2);

    private static readonly AuditRecord Statement = new()
    {
        Time = DateTimeOffset.UnixEpoch,
        Event = AuditEvents.Statement,
        Principal = "app",
        Client = "192.0.2.17",
        Listener = "app-pg",
        Database = "shop",
        Statement = "UPDATE pgbench_accounts SET abalance = abalance + ? WHERE aid = ?",
        Kinds = StatementKinds.Update,
        Decision = "allow",
        Rule = "everyday",
        Digest = new string('a', 64),
        Detail = "The rule everyday allows statements of kind update.",
        PolicyVersion = "1",
    };

    public static async Task RunAsync(string? folder)
    {
        await Console.Out.WriteLineAsync($"load before: {Load()}");
        foreach (var writers in new[] { 16, 64, 256, 1024 })
            await ReportAsync($"durable, {writers} waiting", folder, (log, until) => DurableAsync(log, writers, until));
        foreach (var threads in new[] { 1, 4 })
            await ReportAsync($"spooled, {threads} threads", folder, (log, until) => Task.WhenAll(Enumerable.Range(0, threads).Select(_ => Task.Run(() => Spooled(log, until)))));
        await Console.Out.WriteLineAsync($"load after: {Load()}");
    }

    private static async Task ReportAsync(string what, string? folder, Func<SqliteAuditLog, Func<bool>, Task> write)
    {
        var directory = Directory.CreateDirectory(Path.Combine(folder ?? Path.GetTempPath(), $"wireguardian-audit-{Environment.ProcessId}")).FullName;
        using var meter = new Meter("benchmark");
        using var key = AuditSigningKey.Create();
        try
        {
            await using var log = SqliteAuditLog.Open(directory, new AuditMetrics(meter), TimeProvider.System, new SqliteAuditOptions { SigningKey = key });
            await RunForAsync(WarmUp);
            var (from, cpu, started) = (log.Head.Sequence, Environment.CpuUsage.TotalTime, Stopwatch.GetTimestamp());
            await RunForAsync(Duration);
            var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            var records = log.Head.Sequence - from;
            await Console.Out.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"{what,-24} {records / seconds,10:N0} records/s   {(Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds / records,6:0.0} µs of CPU each"));

            async Task RunForAsync(TimeSpan time)
            {
                var start = Stopwatch.GetTimestamp();
                await write(log, () => Stopwatch.GetElapsedTime(start) < time);
                // What is still queued counts with the time that it takes.
                while (!await TryAppendDurableAsync(log))
                    await Task.Yield();
            }
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static Task DurableAsync(SqliteAuditLog log, int writers, Func<bool> goesOn) => Task.WhenAll(Enumerable.Range(0, writers).Select(_ => Task.Run(async () =>
    {
        while (goesOn())
            await log.AppendDurableAsync(Statement, CancellationToken.None);
    })));

    private static async Task<bool> TryAppendDurableAsync(SqliteAuditLog log)
    {
        try
        {
            await log.AppendDurableAsync(Statement, CancellationToken.None);
            return true;
        }
        catch (AuditUnavailableException)
        {
            return false;
        }
    }

    private static void Spooled(SqliteAuditLog log, Func<bool> goesOn)
    {
        while (goesOn())
        {
            try
            {
                log.Append(Statement);
            }
            catch (AuditUnavailableException)
            {
                // The queue is full: a server refuses the statement, this waits for room.
                Thread.Yield();
            }
        }
    }

    private static string Load() => File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Trim() : "not known";
}
