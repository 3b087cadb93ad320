using System.Globalization;
using WireGuardian.Cli.Connection;
using WireGuardian.ControlPlane.Grpc;
using WireGuardian.ControlPlane.Grpc.Client;
using WireGuardian.ControlPlane.V1;

namespace WireGuardian.Cli.Watching;

/// <summary>
/// Follows the requests of one server. When the server goes away it tries again, and then asks for what became of the requests that are no longer
/// pending, so that no end is missed.
/// </summary>
internal sealed class RequestWatch(
    ControlPlaneClient server, string serverName, Func<CancellationToken, CallOptions> call, TimeProvider time)
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, ApprovalRequest> _pending = new(StringComparer.Ordinal);
    private bool _everConnected;
    private bool _lost;
    private TimeSpan _wait = TimeSpan.FromSeconds(1);

    /// <summary>Returns when <paramref name="cancellationToken"/> says so.</summary>
    /// <exception cref="RpcException">The server cannot be reached in the first place, or refuses.</exception>
    public async Task RunAsync(IWatchView view, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                var reason = await FollowAsync(view, cancellationToken);
                if (cancellationToken.IsCancellationRequested)
                    return;
                _lost = true;
                view.Connection(
                    string.Create(CultureInfo.InvariantCulture, $"{reason} Trying again in {_wait.TotalSeconds} s."), connected: false);
                await Task.Delay(_wait, time, cancellationToken);
                _wait = _wait * 2 < LongestWait ? _wait * 2 : LongestWait;
            }
        }
        catch (Exception e) when (cancellationToken.IsCancellationRequested && e is RpcException or OperationCanceledException)
        {
            // Ctrl-C is how a watch ends.
        }
    }

    /// <summary>One call for as long as it lasts; gives why it ended.</summary>
    private async Task<string> FollowAsync(IWatchView view, CancellationToken cancellationToken)
    {
        try
        {
            var seen = new HashSet<string>(StringComparer.Ordinal);
            var changes = server.WatchRequestsAsync(new WatchRequestsRequest(), new CallOptions(CancellationToken: cancellationToken));
            await foreach (var change in changes)
            {
                if (change.ChangeCase == WatchRequestsResponse.ChangeOneofCase.Request)
                {
                    seen.Add(change.Request.Id);
                    Accept(view, change.Request);
                }
                else if (change.ChangeCase == WatchRequestsResponse.ChangeOneofCase.CaughtUp)
                {
                    await CatchUpAsync(view, seen, cancellationToken);
                }
            }

            return $"{serverName} ended the watch.";
        }
        catch (RpcException e) when (_everConnected && e.StatusCode == StatusCode.Unavailable)
        {
            return CallFailure.Describe(e, serverName);
        }
    }

    private async Task CatchUpAsync(IWatchView view, HashSet<string> seen, CancellationToken cancellationToken)
    {
        _everConnected = true;
        _wait = TimeSpan.FromSeconds(1);
        if (!_lost)
            return;
        _lost = false;
        view.Connection($"Connected to {serverName} again.", connected: true);
        foreach (var id in _pending.Keys.Where(id => !seen.Contains(id)).ToList())
        {
            try
            {
                var answer = await server.GetRequestAsync(new GetRequestRequest { Id = id }, call(cancellationToken));
                Accept(view, answer.Request);
            }
            catch (RpcException e) when (e.StatusCode == StatusCode.NotFound)
            {
                _pending.Remove(id);
            }
        }
    }

    private void Accept(IWatchView view, ApprovalRequest request)
    {
        if (_pending.TryGetValue(request.Id, out var known) && known.Equals(request))
            return;
        if (request.State == ApprovalState.Pending)
            _pending[request.Id] = request;
        else
            _pending.Remove(request.Id);
        view.Changed(request);
    }
}
