using WireGuardian.ControlPlane.Grpc;
using WireGuardian.ControlPlane.Grpc.Server;
using WireGuardian.Core.Audit;
using WireGuardian.Core.Identity;

namespace WireGuardian.Server.ControlPlane;

/// <summary>Lets a call in only with an operator's token, before anything of its body is read.</summary>
internal sealed class OperatorAuthentication(
    IOperatorAuthenticator operators, IAuditLog audit, TimeProvider time, RefusalLimit limit)
{
    private const string Scheme = "Bearer ";
    private static readonly object OperatorKey = new();

    /// <summary>Who makes the call; only after <see cref="AuthenticateAsync"/>.</summary>
    public static Operator OperatorOf(ServerCallContext context) => (Operator)context.UserState[OperatorKey];

    /// <exception cref="RpcException">UNAUTHENTICATED, or RESOURCE_EXHAUSTED for an address that has been refused too often.</exception>
    public async ValueTask AuthenticateAsync(ServerCallContext context)
    {
        var http = context.GetHttpContext();
        var address = RemoteAddress.LimitKey(http.Connection.RemoteIpAddress);
        var token = TokenOf(http.Request.Headers.Authorization.ToString());
        if (!limit.IsHeard(address, token))
            throw TooMany();

        if (token.Length > 0 && operators.Authenticate(token) is { } known)
        {
            limit.Remember(address, token);
            context.UserState[OperatorKey] = known;
            return;
        }

        if (!limit.CountRefusal(address))
            throw TooMany();
        await RecordAsync(token.Length == 0 ? "no operator token" : "unknown operator token",
            RemoteAddress.Name(http.Connection.RemoteIpAddress), context.CancellationToken);
        throw new RpcException(StatusCode.Unauthenticated, token.Length == 0
            ? "This call needs an operator's token: authorization: Bearer <token>."
            : "This is no operator's token.");
    }

    private async ValueTask RecordAsync(string detail, string client, CancellationToken cancellationToken)
    {
        try
        {
            await audit.AppendDurableAsync(
                new AuditRecord
                {
                    Time = time.GetUtcNow(),
                    Event = AuditEvents.OperatorRefused,
                    Client = client,
                    Decision = "refused",
                    Detail = detail,
                },
                cancellationToken);
        }
        catch (AuditUnavailableException e)
        {
            throw new RpcException(StatusCode.Unavailable, "The audit trail cannot be written.", e);
        }
    }

    private static string TokenOf(string authorization)
        => authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? authorization[Scheme.Length..].Trim() : "";

    private static RpcException TooMany()
        => new(StatusCode.ResourceExhausted, "Too many calls with a wrong token came from this address; try again later.");
}
