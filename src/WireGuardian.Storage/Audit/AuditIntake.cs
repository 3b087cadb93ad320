using WireGuardian.Core.Audit;

namespace WireGuardian.Storage.Audit;

/// <summary>
/// Where records are accepted, by any thread, and handed to the one writer. Acceptance is the order of the chain. While the store cannot be
/// written everything is refused: what was accepted before is kept, and no more is taken on credit.
/// </summary>
internal sealed class AuditIntake(AuditSpool spool, long lastNumber, SqliteAuditOptions options, AuditMetrics metrics)
{
    private static readonly TimeSpan SpoolProbeInterval = TimeSpan.FromSeconds(1);

    // A monitor, not a Lock: the writer waits on it.
    private readonly object _lock = new();
    private List<QueuedRecord> _queue = [];
    private List<StoreTask> _tasks = [];
    private long _lastNumber = lastNumber;
    private int _waiting;
    private long _waitingBytes;
    private int _durableQueued;
    private bool _writerIdle;
    private volatile bool _storeDown;
    private volatile bool _spoolDown;
    private volatile bool _closed;

    public bool IsHealthy => !_storeDown && !_spoolDown && !_closed;

    /// <summary>Keeps the record in the spool and queues it.</summary>
    public void Append(AuditRecord record)
    {
        var frame = SpoolFrame.Create(Complete(record));
        lock (_lock)
        {
            ThrowIfRefused(frame.Length);
            SpoolFrame.SetNumber(frame, _lastNumber + 1);
            WriteToSpool(frame);
            Enqueue(frame, null);
        }
    }

    /// <summary>Queues the record; the task completes with its commit.</summary>
    public Task AppendDurable(AuditRecord record)
    {
        var frame = SpoolFrame.Create(Complete(record));
        var durable = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            ThrowIfRefused(frame.Length);
            Enqueue(frame, durable);
        }
        return durable.Task;
    }

    /// <summary>Queues work that is no record. The task fails with the work, or when the log is closed before it was done.</summary>
    public Task Do(Action<AuditStore> work)
    {
        var task = new StoreTask(work);
        lock (_lock)
        {
            if (_closed)
                throw new AuditUnavailableException("The audit log is closed.");
            _tasks.Add(task);
            Monitor.Pulse(_lock);
        }
        return task.Done;
    }

    /// <summary>
    /// Waits for records or tasks. Takes all of the records, which may be none, and gives the tasks; null when the log is closed and nothing is left.
    /// </summary>
    public List<QueuedRecord>? Take(out List<StoreTask> tasks)
    {
        lock (_lock)
        {
            while (_queue.Count == 0 && _tasks.Count == 0 && !_closed)
                WaitIdle();
            tasks = _tasks;
            _tasks = [];
            if (_queue.Count == 0)
                return tasks.Count == 0 ? null : [];
            // Others may share the commit, unless somebody waits for it.
            if (_durableQueued == 0 && !_closed)
                Monitor.Wait(_lock, options.CommitDelay);
            spool.Rotate();
            return TakeQueue();
        }
    }

    /// <summary>Tasks that nobody will do any more, because the log was closed while the store could not be written.</summary>
    public List<StoreTask> TakeTasks()
    {
        lock (_lock)
        {
            var tasks = _tasks;
            _tasks = [];
            return tasks;
        }
    }

    /// <summary>A batch that <see cref="Take"/> gave is in the store.</summary>
    public void Committed(List<QueuedRecord> batch)
    {
        lock (_lock)
        {
            spool.ReleaseInactive();
            Forget(batch);
        }
        metrics.Committed(batch.Count);
        foreach (var record in batch)
            record.Durable?.TrySetResult();
    }

    /// <summary>
    /// The store failed: refuses everything from now on, and all who wait for a commit. Returns what the spool keeps for the store, in order.
    /// </summary>
    public List<QueuedRecord> Suspend(List<QueuedRecord> batch, Exception reason)
    {
        List<QueuedRecord> all;
        lock (_lock)
        {
            _storeDown = true;
            all = [.. batch, .. TakeQueue()];
            Forget(all.FindAll(record => record.Durable is not null));
        }
        metrics.Failed(1 + all.Count(record => record.Durable is not null));
        foreach (var record in all)
            record.Durable?.TrySetException(new AuditUnavailableException("The audit store cannot be written.", reason));
        return all.FindAll(record => record.Durable is null);
    }

    /// <summary>The store works again and has the <paramref name="kept"/> records of <see cref="Suspend"/>.</summary>
    public void Resume(List<QueuedRecord> kept)
    {
        lock (_lock)
        {
            spool.ReleaseAll();
            Forget(kept);
            _storeDown = false;
        }
        metrics.Committed(kept.Count);
    }

    /// <summary>Waits before the store is tried again; false when the log was closed.</summary>
    public bool WaitToRetry(TimeSpan delay)
    {
        lock (_lock)
        {
            if (!_closed)
                Monitor.Wait(_lock, delay);
            return !_closed;
        }
    }

    /// <summary>Refuses everything from now on; what is queued is still written.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _closed = true;
            Monitor.PulseAll(_lock);
        }
    }

    private AuditRecord Complete(AuditRecord record) =>
        record.PolicyVersion.Length == 0 && options.PolicyVersion() is { Length: > 0 } version ? record with { PolicyVersion = version } : record;

    private void ThrowIfRefused(int bytes)
    {
        var problem =
            _closed ? "The audit log is closed." :
            _storeDown ? "The audit store cannot be written." :
            _waiting >= options.MaximumQueuedRecords || _waitingBytes + bytes > options.MaximumQueuedBytes ? "The audit store is too slow: its queue is full." :
            null;
        if (problem is null)
            return;
        metrics.Failed();
        throw new AuditUnavailableException(problem);
    }

    private void WriteToSpool(byte[] frame)
    {
        try
        {
            spool.Write(frame);
            _spoolDown = false;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _spoolDown = true;
            Monitor.Pulse(_lock);
            metrics.Failed();
            throw new AuditUnavailableException("The audit spool cannot be written.", exception);
        }
    }

    private void Enqueue(byte[] frame, TaskCompletionSource? durable)
    {
        _queue.Add(new QueuedRecord(++_lastNumber, frame, durable));
        _waiting++;
        _waitingBytes += frame.Length;
        if (durable is not null)
            _durableQueued++;
        // The writer is woken from its sleep by any record, from its waiting for company only by one that is waited for.
        if (_writerIdle || _durableQueued == 1)
        {
            _writerIdle = false;
            Monitor.Pulse(_lock);
        }
    }

    private void WaitIdle()
    {
        _writerIdle = true;
        Monitor.Wait(_lock, _spoolDown ? SpoolProbeInterval : Timeout.InfiniteTimeSpan);
        _writerIdle = false;
        if (!_spoolDown || _queue.Count > 0)
            return;
        try
        {
            spool.Probe();
            _spoolDown = false;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Still down; tried again after the interval.
        }
    }

    private List<QueuedRecord> TakeQueue()
    {
        var queue = _queue;
        _queue = [];
        _durableQueued = 0;
        return queue;
    }

    private void Forget(List<QueuedRecord> records)
    {
        _waiting -= records.Count;
        foreach (var record in records)
            _waitingBytes -= record.Frame.Length;
    }
}
