namespace WireGuardian.Proxy.Session;

/// <summary>Where the client's direction waits for the server's to come far enough.</summary>
/// <param name="relay">The relay, whose lock guards what is waited for.</param>
internal sealed class ServerProgress(object relay) : IDisposable
{
    private readonly SemaphoreSlim _progress = new(0, 1);
    private volatile bool _clientWaits;

    /// <summary>The server's direction moved on. Called often, by that direction alone.</summary>
    public void Moved()
    {
        if (_clientWaits && _progress.CurrentCount == 0)
            _progress.Release();
    }

    /// <summary>Waits until <paramref name="holds"/>, which is asked under the relay's lock.</summary>
    public async Task WaitAsync<TState>(TState state, Func<TState, bool> holds, CancellationToken cancellationToken)
    {
        _clientWaits = true;
        try
        {
            while (true)
            {
                lock (relay)
                {
                    if (holds(state))
                        return;
                }
                await _progress.WaitAsync(cancellationToken);
            }
        }
        finally
        {
            _clientWaits = false;
        }
    }

    public void Dispose() => _progress.Dispose();
}
