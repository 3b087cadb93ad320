using System.Net.Sockets;
using System.Security.Authentication;
using WireGuardian.ControlPlane.Grpc;

namespace WireGuardian.Cli.Connection;

/// <summary>One line for people about a call that failed.</summary>
internal static class CallFailure
{
    public static string Describe(RpcException failure, string server) => failure switch
    {
        { StatusCode: StatusCode.Unavailable, InnerException: { } inner } => $"Cannot reach {server}: {Cause(inner)}",
        { StatusCode: StatusCode.Unavailable or StatusCode.DeadlineExceeded } => $"{server}: {failure.Message}",
        { StatusCode: StatusCode.Unimplemented } => $"{server} does not offer this: {failure.Message}",
        { Message.Length: 0 } => $"{server} refused with {failure.StatusCode}.",
        _ => failure.Message,
    };

    /// <summary>The innermost error that says something: a socket's, or the TLS handshake's.</summary>
    private static string Cause(Exception failure)
    {
        for (var e = failure; e is not null; e = e.InnerException)
        {
            if (e is SocketException socket)
                return $"{socket.Message}.";
            if (e is AuthenticationException tls)
                return $"TLS failed. {(tls.InnerException ?? tls).Message}";
        }

        return failure.InnerException?.Message ?? failure.Message;
    }
}
