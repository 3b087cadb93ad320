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
    public async Task Old_records_go_at_the_start_and_again_by_the_hour_after_a_change(CancellationToken cancellationToken)
    {
        await AppendAsync("old");
        _time.Advance(TimeSpan.FromDays(10_000));
        await AppendAsync("middle");
        _time.Advance(TimeSpan.FromDays(10_000));
        await using var schedule = new RetentionSchedule(_log, new InMemoryApprovalStore(), TimeSpan.FromDays(15_000), _time, NullLogger.Instance);
        await UntilAsync(statements => !statements.Contains("old"), TimeSpan.Zero, cancellationToken);
        Assert.That(Statements(), Does.Contain("middle"));
        schedule.Change(TimeSpan.FromDays(5_000));
        var changed = _time.GetUtcNow();
        await UntilAsync(statements => !statements.Contains("middle"), TimeSpan.FromHours(1), cancellationToken);
        Assert.That(_time.GetUtcNow() - changed, Is.LessThan(TimeSpan.FromDays(4_000)), "or it became too old for the retention of before");
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
    private async Task UntilAsync(Func<IReadOnlyList<string>, bool> isSo, TimeSpan by, CancellationToken cancellationToken)
    {
        while (!isSo(Statements()))
        {
            cancellationToken.ThrowIfCancellationRequested();
            _time.Advance(by);
            await Task.Yield();
        }
    }

    private List<string> Statements() => [.. _log.Query(new AuditQuery()).Select(chained => chained.Record.Statement)];
}
