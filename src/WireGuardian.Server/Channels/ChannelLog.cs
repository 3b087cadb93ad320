using Microsoft.Extensions.Logging;

namespace WireGuardian.Server.Channels;

/// <summary>What the channels leave in the log. Event ids 120 to 139.</summary>
internal static partial class ChannelLog
{
    [LoggerMessage(120, LogLevel.Warning, "Channel {Channel}: the message about request {Request} was given up after {Attempts} attempts ({Problem}). The request is not affected.")]
    public static partial void ChannelFailed(this ILogger logger, string channel, string request, string problem, int attempts);

    [LoggerMessage(121, LogLevel.Warning, "Channel {Channel}: too many messages wait; the oldest, about request {Request}, was dropped. The request is not affected.")]
    public static partial void ChannelDropped(this ILogger logger, string channel, string request);

    [LoggerMessage(122, LogLevel.Warning, "Channel {Channel}: {Method} failed ({Problem}).")]
    public static partial void AsideFailed(this ILogger logger, string channel, string method, string problem);

    [LoggerMessage(123, LogLevel.Error, "Channel {Channel}: a callback failed ({Failure}): {Trace}")]
    public static partial void CallbackFailed(this ILogger logger, string channel, string failure, string trace);
}
