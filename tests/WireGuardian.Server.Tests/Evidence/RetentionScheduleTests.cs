using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;
using WireGuardian.Core.Audit;
using WireGuardian.Core.Audit.Evidence;
using WireGuardian.Server.Evidence;
using WireGuardian.Storage.Audit;
using WireGuardian.Testing.Approvals;
using WireGuardian.Testing.Time;

namespace WireGuardian.Server.Tests.Evidence;

[TestFixture]
[CancelAfter(60_000)]
public sealed class RetentionScheduleTests
{
    private readonly FakeTime _time = new();
    private readonly AuditSigningKey _key = AuditSigningKey.Create();
    private DirectoryInfo _folder = null!;
    private Meter _meter = null!;
    private SqliteAuditLog _log = null!;

    [SetUp]
    public void SetUp()
    {
        _folder = Directory.CreateTempSubdirectory("wireguardian-retention-");
        _meter = new Meter("test");
        _log = SqliteAuditLog.Open(_folder.FullName, new AuditMetrics(_meter), _time, new SqliteAuditOptions { SigningKey = _key, CheckpointRecords = 1 });
    }

    [TearDown]
    public async Task TearDown()
    {
        await _log.DisposeAsync();
        _meter.Dispose();
        _folder.Delete(recursive: true);
    }

    [OneTimeTearDown]
    public void ForgetKey() => _key.Dispose();

    [Test]
    public async Task Old_records_go_at_the_start_and_again_within_the_hour_after_a_change()
    {
        await AppendAsync("old");
        _time.Advance(TimeSpan.FromDays(10));
        await AppendAsync("middle");
        _time.Advance(TimeSpan.FromDays(10));
        await using var schedule = new RetentionSchedule(_log, new InMemoryApprovalStore(), TimeSpan.FromDays(15), _time, NullLogger.Instance);
        await UntilAsync(statements => !statements.Contains("old"));
        Assert.That(Statements(), Does.Contain("middle"));
        schedule.Change(TimeSpan.FromDays(5));
        await UntilAsync(statements => !statements.Contains("middle"), TimeSpan.FromHours(1));
        Assert.That(_log.Verify().IsIntact, Is.True);
    }

    [Test]
    public async Task Without_a_retention_nothing_goes()
    {
        await AppendAsync("old");
        _time.Advance(TimeSpan.FromDays(10_000));
        await using (new RetentionSchedule(_log, new InMemoryApprovalStore(), null, _time, NullLogger.Instance))
            _time.Advance(TimeSpan.FromHours(5));
        Assert.That(Statements(), Does.Contain("old"));
    }

    private async Task AppendAsync(string statement) => await _log.AppendDurableAsync(
        new AuditRecord { Time = _time.GetUtcNow(), Event = AuditEvents.Statement, Statement = statement }, CancellationToken.None);

    /// <summary>The schedule has a thread of its own; the clock moves on while it is waited for.</summary>
    private async Task UntilAsync(Func<IReadOnlyList<string>, bool> isSo, TimeSpan by = default)
    {
        while (!isSo(Statements()))
        {
            _time.Advance(by);
            await Task.Yield();
        }
    }

    private List<string> Statements() => [.. _log.Query(new AuditQuery()).Select(chained => chained.Record.Statement)];
}
