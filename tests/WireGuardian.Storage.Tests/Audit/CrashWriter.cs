using System.Diagnostics.Metrics;
using System.Globalization;
using WireGuardian.Core.Audit;
using WireGuardian.Storage.Audit;

namespace WireGuardian.Storage.Tests.Audit;

/// <summary>
/// The program that <see cref="CrashTests"/> kills: records 1, 2, 3 …, and prints each number once its record is safe. Every tenth waits to be
/// durable.
/// </summary>
internal static class CrashWriter
{
    public static async Task<int> RunAsync(string directory)
    {
        using var meter = new Meter("WireGuardian");
        await using var log = SqliteAuditLog.Open(directory, new AuditMetrics(meter), TimeProvider.System);
        await using var output = new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true };
        var last = log.Query(new AuditQuery(20)).LastOrDefault(chained => chained.Record.Event == AuditEvents.Statement);
        for (var number = last is null ? 1 : Number(last.Record) + 1; ; number++)
        {
            var record = new AuditRecord
            {
                Time = TimeProvider.System.GetUtcNow(),
                Event = AuditEvents.Statement,
                Statement = number.ToString(CultureInfo.InvariantCulture),
            };
            if (number % 10 == 0)
                await log.AppendDurableAsync(record, CancellationToken.None);
            else
                log.Append(record);
            await output.WriteAsync($"{number}\n");
        }
    }

    public static int Number(AuditRecord record) => int.Parse(record.Statement, CultureInfo.InvariantCulture);
}
