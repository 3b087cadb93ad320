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

    public abstract Task<DenyResponse> Deny(DenyRequest request, ServerCallContext context);

    public abstract Task<QueryAuditResponse> QueryAudit(QueryAuditRequest request, ServerCallContext context);

    public abstract Task<GetServerInfoResponse> GetServerInfo(GetServerInfoRequest request, ServerCallContext context);

    public abstract Task<ListLabelsResponse> ListLabels(ListLabelsRequest request, ServerCallContext context);

    public abstract Task<RemoveLabelResponse> RemoveLabel(RemoveLabelRequest request, ServerCallContext context);

    /// <summary>Makes the service's methods endpoints, and every unknown method an UNIMPLEMENTED.</summary>
    public void MapTo(IEndpointRouteBuilder endpoints, GrpcServiceOptions options)
    {
        var binder = new GrpcServiceBinder(endpoints, options);
        binder.Unary(ControlPlaneMethods.ListRequests, ListRequests);
        binder.Unary(ControlPlaneMethods.GetRequest, GetRequest);
        binder.ServerStreaming(ControlPlaneMethods.WatchRequests, WatchRequests);
        binder.Unary(ControlPlaneMethods.Approve, Approve);
        binder.Unary(ControlPlaneMethods.Deny, Deny);
        binder.Unary(ControlPlaneMethods.QueryAudit, QueryAudit);
        binder.Unary(ControlPlaneMethods.GetServerInfo, GetServerInfo);
        binder.Unary(ControlPlaneMethods.ListLabels, ListLabels);
        binder.Unary(ControlPlaneMethods.RemoveLabel, RemoveLabel);
        binder.UnknownMethods();
    }
}
