using System.Diagnostics;
using System.Globalization;
using WireGuardian.Core.Audit;
using WireGuardian.Core.Audit.Evidence;
using WireGuardian.Storage.Audit;

namespace WireGuardian.Storage.Tests.Audit;

/// <summary>The process is killed with SIGKILL while it writes.</summary>
[Platform("Linux")]
public sealed class CrashTests
{
    [Test]
    [CancelAfter(120_000)]
    public async Task Every_record_whose_append_returned_survives_a_kill(CancellationToken cancellationToken)
    {
        using var fixture = new AuditFixture();
        var random = new Random(20300101);
        var printed = 0;
        var hasRecovered = false;
        // A kill may find all that was written in the store already: then there is nothing to recover, and it takes another.
        for (var round = 0; round < 12 || (!hasRecovered && round < 100); round++)
        {
            printed = Math.Max(printed, await WriteAndKillAsync(fixture.Directory, random.Next(1, 400), cancellationToken));

            using var key = CrashWriter.ReadKey(fixture.Directory);
            await using var log = fixture.Open(new SqliteAuditOptions { SigningKey = key });
            var records = log.Query(new AuditQuery(int.MaxValue)).Select(chained => chained.Record).ToList();
            hasRecovered |= records.Exists(record => record.Event == AuditEvents.Start);
            var numbers = records.Where(record => record.Event == AuditEvents.Statement).Select(CrashWriter.Number).ToList();
            Assert.That(numbers, Is.EqualTo(Enumerable.Range(1, numbers.Count)));
            Assert.That(numbers, Has.Count.GreaterThanOrEqualTo(printed).And.Count.LessThanOrEqualTo(printed + 1));
            var found = new AuditReader(fixture.Directory).Verify(new AuditPublicKeys([key.Public]));
            Assert.That(found.IsIntact, Is.True, found.Problem);
            Assert.That(found.Receipts, Is.EqualTo(records.Count(record => record.Event == AuditEvents.Approve)));
        }
        var recoveries = new AuditReader(fixture.Directory).Query(new AuditQuery(int.MaxValue)).Where(chained => chained.Record.Event == AuditEvents.Start);
        Assert.That(recoveries.Select(chained => chained.Record.Detail), Is.Not.Empty.And.All.Match("^recovered [0-9]+ records$"));
    }

    /// <summary>Runs the writer, kills it after so many numbers, and returns the last number it printed.</summary>
    private static async Task<int> WriteAndKillAsync(string directory, int numbers, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(CrashWriter).Assembly.Location, "crash-writer", directory]) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        try
        {
            var last = 0;
            for (var count = 1; await process.StandardOutput.ReadLineAsync(cancellationToken) is { } line; count++)
            {
                // What is in the pipe after the kill was printed too; only its last line can be cut.
                if (int.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > last)
                    last = number;
                if (count == numbers)
                    process.Kill();
            }
            return last;
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }
}
