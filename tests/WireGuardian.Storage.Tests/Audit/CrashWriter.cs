using System.Diagnostics.Metrics;
using System.Globalization;
using WireGuardian.Core.Audit;
using WireGuardian.Core.Audit.Evidence;
using WireGuardian.Storage.Audit;

namespace WireGuardian.Storage.Tests.Audit;

/// <summary>
/// The program that <see cref="CrashTests"/> kills: records 1, 2, 3 …, and prints each number once its record is safe. Every tenth waits to be
/// durable, and before every twentieth there is a decision, which has a receipt.
/// </summary>
internal static class CrashWriter
{
    public static async Task<int> RunAsync(string directory)
    {
        using var meter = new Meter("WireGuardian");
        using var key = ReadKey(directory);
        var options = new SqliteAuditOptions { SigningKey = key, CheckpointRecords = 25 };
        await using var log = SqliteAuditLog.Open(directory, new AuditMetrics(meter), TimeProvider.System, options);
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
            if (number % 20 == 0)
                await log.AppendDurableAsync(record with { Event = AuditEvents.Approve, RequestId = "k3m9x2aa" }, CancellationToken.None);
            if (number % 10 == 0)
                await log.AppendDurableAsync(record, CancellationToken.None);
            else
                log.Append(record);
            await output.WriteAsync($"{number}\n");
        }
    }

    /// <summary>The key beside the directory; made by the first who needs it.</summary>
    public static AuditSigningKey ReadKey(string directory)
    {
        var file = directory + ".key";
        if (!File.Exists(file))
        {
            using var made = AuditSigningKey.Create();
            File.WriteAllText(file, made.ToPem());
        }
        return AuditSigningKey.FromPem(File.ReadAllText(file));
    }

    public static int Number(AuditRecord record) => int.Parse(record.Statement, CultureInfo.InvariantCulture);
}
