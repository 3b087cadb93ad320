using WireGuardian.Proxy.Limits;

namespace WireGuardian.Postgres.Startup;

/// <summary>
/// Takes CancelRequests to the server, each on a connection of its own, with the client's own key. A storm of them waits, and beyond ten times
/// of what goes at once it is dropped: the protocol promises nothing to who cancels. One instance serves a listener.
/// </summary>
public sealed class CancelForwarder(UpstreamConnector connector, LimitOptions limits, TimeProvider time) : IDisposable
{
    private const int WaitingPerActive = 10;

    private readonly SemaphoreSlim _active = new(limits.MaxConcurrentCancels);
    private int _inside;

    /// <summary>
    /// Sends the request and waits until the server closed that connection, which it does once it has signalled. Gives false where the request was dropped or
    /// the server could not be asked.
    /// </summary>
    public async Task<bool> ForwardAsync(CancelRequest request, CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _inside) > limits.MaxConcurrentCancels * (long)(WaitingPerActive + 1))
        {
            Interlocked.Decrement(ref _inside);
            return false;
        }
        try
        {
            await _active.WaitAsync(cancellationToken);
            try
            {
                return await SendAsync(request, cancellationToken);
            }
            finally
            {
                _active.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _inside);
        }
    }

    public void Dispose() => _active.Dispose();

    private async Task<bool> SendAsync(CancelRequest request, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(limits.ConnectTimeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            await using var leg = await connector.ConnectAsync(linked.Token);
            await leg.SendAsync(request.ToPacket(), linked.Token);
            await leg.Stream.FlushAsync(linked.Token);
            var sink = new byte[16];
            // The server answers nothing; a reset instead of an end is as good.
            while (await leg.Stream.ReadAsync(sink, linked.Token) > 0)
            {
            }
            return true;
        }
        catch (Exception exception) when (exception is LoginRefusedException or IOException)
        {
            return false;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
