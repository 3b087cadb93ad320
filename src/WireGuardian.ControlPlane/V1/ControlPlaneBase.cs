using Microsoft.AspNetCore.Routing;
using WireGuardian.ControlPlane.Grpc.Server;

namespace WireGuardian.ControlPlane.V1;

/// <summary>The server's side of the service; one method per method of control.proto.</summary>
public abstract class ControlPlaneBase
{
    public abstract Task<ListRequestsResponse> ListRequests(ListRequestsRequest request, ServerCallContext context);

    public abstract Task<GetRequestResponse> GetRequest(GetRequestRequest request, ServerCallContext context);

    public abstract Task WatchRequests(
        WatchRequestsRequest request, IServerStreamWriter<WatchRequestsResponse> responseStream, ServerCallContext context);

    public abstract Task<ApproveResponse> Approve(ApproveRequest request, ServerCallContext context);

    public abstract Task<ApproveBatchResponse> ApproveBatch(ApproveBatchRequest request, ServerCallContext context);

    public abstract Task<BreakGlassResponse> BreakGlass(BreakGlassRequest request, ServerCallContext context);

    public abstract Task<DenyResponse> Deny(DenyRequest request, ServerCallContext context);

    public abstract Task<QueryAuditResponse> QueryAudit(QueryAuditRequest request, ServerCallContext context);

    public abstract Task ExportAudit(
        ExportAuditRequest request, IServerStreamWriter<ExportAuditResponse> responseStream, ServerCallContext context);

    public abstract Task<GetReceiptsResponse> GetReceipts(GetReceiptsRequest request, ServerCallContext context);

    public abstract Task<GetSigningKeysResponse> GetSigningKeys(GetSigningKeysRequest request, ServerCallContext context);

    public abstract Task<GetServerInfoResponse> GetServerInfo(GetServerInfoRequest request, ServerCallContext context);

    /// <summary>Makes the service's methods endpoints, and every unknown method an UNIMPLEMENTED.</summary>
    public void MapTo(IEndpointRouteBuilder endpoints, GrpcServiceOptions options)
    {
        var binder = new GrpcServiceBinder(endpoints, options);
        binder.Unary(ControlPlaneMethods.ListRequests, ListRequests);
        binder.Unary(ControlPlaneMethods.GetRequest, GetRequest);
        binder.ServerStreaming(ControlPlaneMethods.WatchRequests, WatchRequests);
        binder.Unary(ControlPlaneMethods.Approve, Approve);
        binder.Unary(ControlPlaneMethods.ApproveBatch, ApproveBatch);
        binder.Unary(ControlPlaneMethods.BreakGlass, BreakGlass);
        binder.Unary(ControlPlaneMethods.Deny, Deny);
        binder.Unary(ControlPlaneMethods.QueryAudit, QueryAudit);
        binder.ServerStreaming(ControlPlaneMethods.ExportAudit, ExportAudit);
        binder.Unary(ControlPlaneMethods.GetReceipts, GetReceipts);
        binder.Unary(ControlPlaneMethods.GetSigningKeys, GetSigningKeys);
        binder.Unary(ControlPlaneMethods.GetServerInfo, GetServerInfo);
        binder.UnknownMethods();
    }
}
