using Microsoft.Extensions.Logging;
using WireGuardian.Core.Approvals;
using WireGuardian.Core.Audit;
using WireGuardian.Storage.Audit;

namespace WireGuardian.Server.Evidence;

/// <summary>Lets old audit records go, at the start and every hour.</summary>
internal sealed class RetentionSchedule : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    private readonly SqliteAuditLog _audit;
    private readonly IApprovalStore _requests;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;
    private long _retentionTicks;

    /// <param name="audit">The trail.</param>
    /// <param name="requests">Knows the requests whose records must stay.</param>
    /// <param name="retention">How old records may become; null for any age.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Told what went, and what failed.</param>
    public RetentionSchedule(SqliteAuditLog audit, IApprovalStore requests, TimeSpan? retention, TimeProvider time, ILogger logger)
    {
        _audit = audit;
        _requests = requests;
        Change(retention);
        _time = time;
        _logger = logger;
        _running = Task.Run(RunAsync);
    }

    /// <summary>From the next hour on.</summary>
    public void Change(TimeSpan? retention) => Volatile.Write(ref _retentionTicks, retention?.Ticks ?? 0);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(Interval, _time);
        try
        {
            do
                await PruneAsync();
            while (await timer.WaitForNextTickAsync(_stop.Token));
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // What is half done goes on after the next start.
        }
    }

    private async Task PruneAsync()
    {
        if (Volatile.Read(ref _retentionTicks) is not (> 0 and var retention))
            return;
        try
        {
            var unfinished = _requests.Unfinished().Select(request => request.Id).ToList();
            if (await _audit.PruneAsync(_time.GetUtcNow().AddTicks(-retention), unfinished, _time, _stop.Token) is > 0 and var records)
                _logger.Pruned(records);
        }
        catch (Exception exception) when (exception is AuditUnavailableException or ApprovalStoreException)
        {
            _logger.NotPruned(exception.Message);
        }
    }
}
