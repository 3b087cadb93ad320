using Microsoft.Extensions.Logging;

namespace WireGuardian.ControlPlane.Grpc.Server;

internal static partial class GrpcLog
{
    [LoggerMessage(EventId = 7001, Level = LogLevel.Error, Message = "{Method} failed with {Exception}\n{StackTrace}")]
    public static partial void CallFailed(ILogger logger, string method, string exception, string stackTrace);
}
