using System.Diagnostics;
using WireGuardian.Core.Audit;
using WireGuardian.Storage.Audit;

namespace WireGuardian.Storage.Tests.Audit;

/// <summary>A disk that is truly full: a small tmpfs.</summary>
[Platform("Linux")]
public sealed class FullDiskTests
{
    private static readonly SqliteAuditOptions Impatient = new()
    {
        RetryDelay = TimeSpan.FromMilliseconds(10),
        LongestRetryDelay = TimeSpan.FromMilliseconds(50),
    };

    private TemporaryDirectory _mountPoint = null!;
    private bool _mounted;

    [SetUp]
    public void Mount()
    {
        _mountPoint = new TemporaryDirectory();
        _mounted = Run("mount", "-t", "tmpfs", "-o", "size=4m", "none", _mountPoint.Path);
        if (!_mounted)
            Assert.Ignore("A full disk needs a tmpfs of its own, and this user may not mount one.");
    }

    [TearDown]
    public void Unmount()
    {
        if (_mounted)
            Run("umount", _mountPoint.Path);
        _mountPoint.Dispose();
    }

    [Test]
    public async Task A_full_disk_refuses_and_loses_or_doubles_nothing_and_recovers_when_there_is_room([Values] bool durable)
    {
        using var fixture = new AuditFixture { Directory = Path.Combine(_mountPoint.Path, "data") };
        var ballast = Path.Combine(_mountPoint.Path, "ballast");
        await File.WriteAllBytesAsync(ballast, new byte[3584 * 1024]);
        var accepted = new List<string>();
        // What the spool takes until the disk is full must fit into the store, its log included, once the ballast is gone.
        await using (var log = fixture.Open(Impatient))
        {
            Exception? refusal = null;
            for (var index = 0; refusal is null && index < 10_000; index++)
                refusal = await TryAppendAsync(log, fixture, index, durable, accepted);
            Assert.That(refusal, Is.TypeOf<AuditUnavailableException>());
            Assert.That(accepted, Is.Not.Empty);

            File.Delete(ballast);
            Assert.That(() => log.IsHealthy, Is.True.After(20_000, 10));
            Assert.That(await TryAppendAsync(log, fixture, 99_999, durable, accepted), Is.Null);
        }
        Assert.That(fixture.Statements().Select(statement => statement[..10]), Is.EqualTo(accepted));
        Assert.That(new AuditReader(fixture.Directory).Verify().IsIntact, Is.True);
        Assert.That(fixture.Committed, Is.EqualTo(accepted.Count));
    }

    private static async Task<Exception?> TryAppendAsync(SqliteAuditLog log, AuditFixture fixture, int index, bool durable, List<string> accepted)
    {
        var name = $"{index:d10}";
        var record = fixture.Record(name + new string('x', 3000));
        try
        {
            if (durable)
                await log.AppendDurableAsync(record, CancellationToken.None);
            else
                log.Append(record);
            accepted.Add(name);
            return null;
        }
        catch (AuditUnavailableException exception)
        {
            return exception;
        }
    }

    private static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
