using System.Net;
using Microsoft.Extensions.Logging;
using WireGuardian.Core.Approvals;
using WireGuardian.Core.Audit;
using WireGuardian.Server.ControlPlane;
using WireGuardian.Server.Operators;

namespace WireGuardian.Server.Channels.Callbacks;

/// <summary>What callbacks work with, and what they keep on record.</summary>
internal sealed class CallbackServices(
    IApprovalQueue queue, IAuditLog audit, Func<OperatorRegistry> operators, OperatorGate gate, RefusalLimit limit, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    private const int MostAsides = 16;
    private readonly CancellationTokenSource _end = new();
    private int _asides;

    public IApprovalQueue Queue => queue;

    public Func<OperatorRegistry> Operators => operators;

    public OperatorGate Gate => gate;

    public TimeProvider Time => time;

    public ILogger Logger => logger;

    /// <summary>A request that was not what it claims to be; of each address as many as the limit has.</summary>
    public async Task RecordForgeryAsync(IPAddress? from, string channel, string what)
    {
        if (limit.CountRefusal(RemoteAddress.LimitKey(from)))
            await RecordAsync(new AuditRecord { Time = time.GetUtcNow(), Event = AuditEvents.OperatorRefused, Client = RemoteAddress.Name(from), Channel = channel, Decision = "refused", Detail = what });
    }

    /// <summary>Somebody who is known to a chat service and is no operator wanted to decide.</summary>
    public async Task RecordStrangerAsync(string requestId, string method, string identity)
    {
        var (by, request) = ($"{method} user {MessageText.Line(identity, 64)}", queue.Find(requestId));
        if (limit.CountRefusal(by))
        {
            await RecordAsync(new AuditRecord
            {
                Time = time.GetUtcNow(),
                Event = AuditEvents.OperatorRefused,
                RequestId = request?.Id ?? "",
                Channel = method,
                Decision = "refused",
                Detail = $"not an operator: {by}",
            });
        }
    }

    /// <summary>Sends something that nobody waits for and that is not tried again; when too many are under way it is not sent.</summary>
    public void Aside(string channel, string method, Func<CancellationToken, Task<Delivery>> send) => _ = AsideAsync(channel, method, send);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await limit.DisposeAsync();
    }

    private async Task AsideAsync(string channel, string method, Func<CancellationToken, Task<Delivery>> send)
    {
        if (Interlocked.Increment(ref _asides) > MostAsides)
        {
            Interlocked.Decrement(ref _asides);
            return;
        }
        try
        {
            var delivery = await send(_end.Token);
            if (delivery.Result != DeliveryResult.Delivered)
                logger.AsideFailed(channel, method, delivery.Problem);
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
        finally
        {
            Interlocked.Decrement(ref _asides);
        }
    }

    private async Task RecordAsync(AuditRecord record)
    {
        try
        {
            await audit.AppendDurableAsync(record, CancellationToken.None);
        }
        catch (AuditUnavailableException)
        {
            // The answer is no with or without a record of it.
        }
    }
}
