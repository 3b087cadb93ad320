using WireGuardian.ControlPlane.Grpc;
using WireGuardian.ControlPlane.Grpc.Server;
using WireGuardian.Core.Identity;
using WireGuardian.Server.Operators;

namespace WireGuardian.Server.ControlPlane;

/// <summary>Lets a call in only with an operator's token or client certificate, before anything of its body is read.</summary>
internal sealed class OperatorAuthentication(OperatorGate gate)
{
    private const string Scheme = "Bearer ";
    private static readonly object OperatorKey = new();

    /// <summary>Who makes the call; only after <see cref="AuthenticateAsync"/>.</summary>
    public static Operator OperatorOf(ServerCallContext context) => (Operator)context.UserState[OperatorKey];

    /// <exception cref="RpcException">UNAUTHENTICATED, or RESOURCE_EXHAUSTED for an address that has been refused too often.</exception>
    public async ValueTask AuthenticateAsync(ServerCallContext context)
    {
        var http = context.GetHttpContext();
        var credentials = new OperatorCredentials(TokenOf(http.Request.Headers.Authorization.ToString()), ClientCertificates.Of(http));
        var admission = await gate.AdmitAsync(http.Connection.RemoteIpAddress, credentials, context.CancellationToken);
        context.UserState[OperatorKey] = admission.Operator ?? throw new RpcException(
            admission.Problem switch
            {
                AdmissionProblem.TooMany => StatusCode.ResourceExhausted,
                AdmissionProblem.AuditUnavailable => StatusCode.Unavailable,
                _ => StatusCode.Unauthenticated,
            },
            admission.Message);
    }

    private static string TokenOf(string authorization)
        => authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? authorization[Scheme.Length..].Trim() : "";
}
