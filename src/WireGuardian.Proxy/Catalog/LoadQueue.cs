namespace WireGuardian.Proxy.Catalog;

/// <summary>
/// Runs loads one after the other. Whoever asks gets the result of a load that begins after the question, and all who ask before it begins share it: however many
/// ask, one load runs and at most one waits.
/// </summary>
public sealed class LoadQueue<T>(Func<Task<T>> load)
{
    private readonly Lock _lock = new();
    private Task<T>? _running;
    private Task<T>? _waiting;

    public Task<T> Join()
    {
        lock (_lock)
            return _waiting ??= RunAfterAsync(_running);
    }

    private async Task<T> RunAfterAsync(Task<T>? before)
    {
        // Leaves the caller's lock, and its thread, before anything begins.
        await Task.Yield();
        if (before is not null)
            await ((Task)before).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (_lock)
        {
            _running = _waiting;
            _waiting = null;
        }
        return await load();
    }
}
