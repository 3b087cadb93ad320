using WireGuardian.Core.Audit;

namespace WireGuardian.Storage.Audit;

/// <summary>The one thread that writes the store: everything that is queued goes into one commit.</summary>
internal sealed class AuditWriter
{
    private readonly AuditStore _store;
    private readonly AuditIntake _intake;
    private readonly SqliteAuditOptions _options;
    private Exception? _failure;
    private readonly TaskCompletionSource<bool> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public AuditWriter(AuditStore store, AuditIntake intake, SqliteAuditOptions options)
    {
        _store = store;
        _intake = intake;
        _options = options;
        // SQLite blocks, and commits must not wait for a busy thread pool.
        new Thread(Run) { IsBackground = true, Name = "audit writer" }.Start();
    }

    /// <summary>Completes when the log is closed; true when the store has every accepted record, false when the spool keeps some.</summary>
    public Task<bool> Ended => _ended.Task;

    private void Run()
    {
        var hasAll = true;
        while (hasAll && _intake.Take(out var tasks) is { } batch)
        {
            hasAll = batch.Count == 0 || TryCommit(batch) || Outlast(batch);
            Do(tasks, hasAll);
        }
        Do(hasAll ? [new StoreTask(store => store.Checkpoint())] : _intake.TakeTasks(), hasAll);
        _ended.SetResult(hasAll);
    }

    private void Do(List<StoreTask> tasks, bool storeWorks)
    {
        foreach (var task in tasks)
        {
            if (!storeWorks)
                task.Refuse(new AuditUnavailableException("The audit store cannot be written.", _failure));
            else if (!task.TryRun(_store))
                TryReopen();
        }
    }

    private void TryReopen()
    {
        try
        {
            _store.Reopen();
        }
        catch (Exception exception)
        {
            // The next commit finds it so, and waits until it works again.
            _failure = exception;
        }
    }

    private bool TryCommit(List<QueuedRecord> batch)
    {
        try
        {
            _store.Commit(batch);
        }
        catch (Exception exception)
        {
            _failure = exception;
            if (!HasAll(batch))
                return false;
        }
        _intake.Committed(batch);
        return true;
    }

    /// <summary>A commit can fail after it took effect: the file knows.</summary>
    private bool HasAll(List<QueuedRecord> batch)
    {
        try
        {
            _store.Reopen();
            return _store.LastNumber >= batch[^1].Number;
        }
        catch (Exception exception)
        {
            _failure = exception;
            return false;
        }
    }

    /// <summary>Refuses and waits until the store can be written again; false when the log was closed before that.</summary>
    private bool Outlast(List<QueuedRecord> batch)
    {
        var kept = _intake.Suspend(batch, _failure!);
        for (var delay = _options.RetryDelay; _intake.WaitToRetry(delay); delay = Longer(delay))
        {
            if (TryWriteKept(kept))
            {
                _intake.Resume(kept);
                return true;
            }
        }
        return false;
    }

    private bool TryWriteKept(List<QueuedRecord> kept)
    {
        try
        {
            _store.Reopen();
            var missing = kept.FindAll(record => record.Number > _store.LastNumber);
            if (missing.Count > 0)
                _store.Commit(missing);
            else
                _store.Probe();
            return true;
        }
        catch (Exception exception)
        {
            _failure = exception;
            return false;
        }
    }

    private TimeSpan Longer(TimeSpan delay) =>
        delay * 2 < _options.LongestRetryDelay ? delay * 2 : _options.LongestRetryDelay;
}
