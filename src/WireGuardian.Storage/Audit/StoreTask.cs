namespace WireGuardian.Storage.Audit;

/// <summary>Work on the store that is no record: the writer's thread does it between two commits.</summary>
internal sealed class StoreTask(Action<AuditStore> work)
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Done => _done.Task;

    /// <summary>Does the work. False when the store failed, and has to be opened anew.</summary>
    public bool TryRun(AuditStore store)
    {
        try
        {
            work(store);
            _done.TrySetResult();
            return true;
        }
        catch (Exception exception)
        {
            _done.TrySetException(exception);
            return false;
        }
    }

    public void Refuse(Exception reason) => _done.TrySetException(reason);
}
