using Google.Protobuf;
using WireGuardian.ControlPlane.Grpc;

namespace WireGuardian.ControlPlane.V1;

/// <summary>The methods of <c>wireguardian.control.v1.ControlPlane</c>, as in control.proto.</summary>
public static class ControlPlaneMethods
{
    public const string ServiceName = "wireguardian.control.v1.ControlPlane";

    public static Method<ListRequestsRequest, ListRequestsResponse> ListRequests { get; } =
        Method("ListRequests", ListRequestsRequest.Parser, ListRequestsResponse.Parser);

    public static Method<GetRequestRequest, GetRequestResponse> GetRequest { get; } =
        Method("GetRequest", GetRequestRequest.Parser, GetRequestResponse.Parser);

    public static Method<WatchRequestsRequest, WatchRequestsResponse> WatchRequests { get; } =
        Method("WatchRequests", WatchRequestsRequest.Parser, WatchRequestsResponse.Parser);

    public static Method<ApproveRequest, ApproveResponse> Approve { get; } =
        Method("Approve", ApproveRequest.Parser, ApproveResponse.Parser);

    public static Method<ApproveBatchRequest, ApproveBatchResponse> ApproveBatch { get; } =
        Method("ApproveBatch", ApproveBatchRequest.Parser, ApproveBatchResponse.Parser);

    public static Method<BreakGlassRequest, BreakGlassResponse> BreakGlass { get; } =
        Method("BreakGlass", BreakGlassRequest.Parser, BreakGlassResponse.Parser);

    public static Method<DenyRequest, DenyResponse> Deny { get; } =
        Method("Deny", DenyRequest.Parser, DenyResponse.Parser);

    public static Method<QueryAuditRequest, QueryAuditResponse> QueryAudit { get; } =
        Method("QueryAudit", QueryAuditRequest.Parser, QueryAuditResponse.Parser);

    public static Method<ExportAuditRequest, ExportAuditResponse> ExportAudit { get; } =
        Method("ExportAudit", ExportAuditRequest.Parser, ExportAuditResponse.Parser);

    public static Method<GetReceiptsRequest, GetReceiptsResponse> GetReceipts { get; } =
        Method("GetReceipts", GetReceiptsRequest.Parser, GetReceiptsResponse.Parser);

    public static Method<GetSigningKeysRequest, GetSigningKeysResponse> GetSigningKeys { get; } =
        Method("GetSigningKeys", GetSigningKeysRequest.Parser, GetSigningKeysResponse.Parser);

    public static Method<GetServerInfoRequest, GetServerInfoResponse> GetServerInfo { get; } =
        Method("GetServerInfo", GetServerInfoRequest.Parser, GetServerInfoResponse.Parser);

    private static Method<TRequest, TResponse> Method<TRequest, TResponse>(
        string name, MessageParser<TRequest> request, MessageParser<TResponse> response)
        where TRequest : IMessage<TRequest>
        where TResponse : IMessage<TResponse>
        => new(ServiceName, name, request, response);
}
