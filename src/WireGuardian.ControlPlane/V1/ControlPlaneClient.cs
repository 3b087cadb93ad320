using WireGuardian.ControlPlane.Grpc.Client;

namespace WireGuardian.ControlPlane.V1;

/// <summary>The caller's side of the service. Every method throws <see cref="Grpc.RpcException"/> for a status other than OK.</summary>
public sealed class ControlPlaneClient(IGrpcChannel channel)
{
    public Task<ListRequestsResponse> ListRequestsAsync(ListRequestsRequest request, CallOptions options)
        => channel.UnaryCallAsync(ControlPlaneMethods.ListRequests, request, options);

    public Task<GetRequestResponse> GetRequestAsync(GetRequestRequest request, CallOptions options)
        => channel.UnaryCallAsync(ControlPlaneMethods.GetRequest, request, options);

    public IAsyncEnumerable<WatchRequestsResponse> WatchRequestsAsync(WatchRequestsRequest request, CallOptions options)
        => channel.ServerStreamingCallAsync(ControlPlaneMethods.WatchRequests, request, options);

    public Task<ApproveResponse> ApproveAsync(ApproveRequest request, CallOptions options)
        => channel.UnaryCallAsync(ControlPlaneMethods.Approve, request, options);

    public Task<ApproveBatchResponse> ApproveBatchAsync(ApproveBatchRequest request, CallOptions options)
        => channel.UnaryCallAsync(ControlPlaneMethods.ApproveBatch, request, options);

    public Task<BreakGlassResponse> BreakGlassAsync(BreakGlassRequest request, CallOptions options)
        => channel.UnaryCallAsync(ControlPlaneMethods.BreakGlass, request, options);

    public Task<DenyResponse> DenyAsync(DenyRequest request, CallOptions options)
        => channel.UnaryCallAsync(ControlPlaneMethods.Deny, request, options);

    public Task<QueryAuditResponse> QueryAuditAsync(QueryAuditRequest request, CallOptions options)
        => channel.UnaryCallAsync(ControlPlaneMethods.QueryAudit, request, options);

    public IAsyncEnumerable<ExportAuditResponse> ExportAuditAsync(ExportAuditRequest request, CallOptions options)
        => channel.ServerStreamingCallAsync(ControlPlaneMethods.ExportAudit, request, options);

    public Task<GetReceiptsResponse> GetReceiptsAsync(GetReceiptsRequest request, CallOptions options)
        => channel.UnaryCallAsync(ControlPlaneMethods.GetReceipts, request, options);

    public Task<GetSigningKeysResponse> GetSigningKeysAsync(GetSigningKeysRequest request, CallOptions options)
        => channel.UnaryCallAsync(ControlPlaneMethods.GetSigningKeys, request, options);

    public Task<GetServerInfoResponse> GetServerInfoAsync(GetServerInfoRequest request, CallOptions options)
        => channel.UnaryCallAsync(ControlPlaneMethods.GetServerInfo, request, options);
}
