using Google.Protobuf.WellKnownTypes;
using WireGuardian.ControlPlane.Grpc;
using WireGuardian.ControlPlane.Grpc.Server;
using WireGuardian.ControlPlane.V1;
using WireGuardian.Core.Audit;

namespace WireGuardian.Server.ControlPlane;

/// <summary>The calls of auditors: all of the trail, and its evidence.</summary>
internal sealed class AuditCalls(IAuditArchive? archive, ControlPlaneOptions options)
{
    private int _exports;

    private IAuditArchive Archive => archive ?? throw new RpcException(StatusCode.Unimplemented, "This server keeps no audit archive.");

    /// <summary>Streams what matches, a page at a time: however long the trail is, no more than a page is in memory.</summary>
    /// <param name="request">What is wanted.</param>
    /// <param name="requestId">Its request id as it is on record; null for any.</param>
    /// <param name="responses">The caller, who sets the pace.</param>
    /// <param name="cancellationToken">The caller is gone.</param>
    public async Task ExportAsync(
        ExportAuditRequest request, string? requestId, IServerStreamWriter<ExportAuditResponse> responses, CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _exports) > options.Exports)
        {
            Interlocked.Decrement(ref _exports);
            throw new RpcException(StatusCode.ResourceExhausted, "Too many exports are running.");
        }
        try
        {
            await Reading(() => ExportAsync(FilterOf(request, requestId), responses, cancellationToken));
        }
        finally
        {
            Interlocked.Decrement(ref _exports);
        }
    }

    public GetReceiptsResponse Receipts(string requestId) => Reading(() =>
    {
        var receipts = Archive.Receipts(requestId);
        return receipts.Count > 0
            ? new GetReceiptsResponse { Receipts = { receipts.Select(WireTypes.ToWire) } }
            : throw new RpcException(StatusCode.NotFound, "There is no receipt of a request with this id.");
    });

    public GetSigningKeysResponse SigningKeys() => Reading(() => new GetSigningKeysResponse
    {
        Keys = { Archive.SigningKeys().Select(key => new SigningKey { Id = key.Id, Pem = key.Pem }) },
        NewestCheckpoint = Archive.NewestCheckpoint()?.ToWire(),
    });

    /// <summary>A time of a request; null where there is none.</summary>
    public static DateTimeOffset? TimeOf(Timestamp? time, string name)
    {
        try
        {
            return time?.ToDateTimeOffset();
        }
        catch (InvalidOperationException e)
        {
            throw new RpcException(StatusCode.InvalidArgument, $"{name} is not a time.", e);
        }
    }

    private async Task ExportAsync(AuditFilter filter, IServerStreamWriter<ExportAuditResponse> responses, CancellationToken cancellationToken)
    {
        var writer = new AuditExportWriter(responses, options, filter.UpTo ?? 0);
        for (var (after, isLast) = (0L, filter.UpTo == 0); !isLast;)
        {
            // The store's reading blocks, and the caller's thread serves others too.
            var page = await Task.Run(() => Archive.Read(filter, after, options.ExportPage), cancellationToken);
            await writer.WriteAsync(page, cancellationToken);
            (after, isLast) = (page.LookedTo, page.IsLast);
        }
    }

    private AuditFilter FilterOf(ExportAuditRequest request, string? requestId) => new()
    {
        UpTo = Archive.End(),
        Since = TimeOf(request.Since, "since"),
        Until = TimeOf(request.Until, "until"),
        Principal = Text(request.Principal),
        Operator = Text(request.Operator),
        RequestId = requestId,
        Events = [.. request.Events],
    };

    private static string? Text(string text) => text.Length == 0 ? null : text;

    private static T Reading<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (AuditUnavailableException e)
        {
            throw new RpcException(StatusCode.Unavailable, "The audit trail cannot be read.", e);
        }
    }

    private static async Task Reading(Func<Task> read)
    {
        try
        {
            await read();
        }
        catch (AuditUnavailableException e)
        {
            throw new RpcException(StatusCode.Unavailable, "The audit trail cannot be read.", e);
        }
    }
}
