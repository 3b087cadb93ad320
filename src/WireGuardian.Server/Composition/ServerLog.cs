using Microsoft.Extensions.Logging;

namespace WireGuardian.Server.Composition;

/// <summary>What the server's life leaves in the log. Event ids 1 to 99 are the server's and stay what they are.</summary>
internal static partial class ServerLog
{
    [LoggerMessage(1, LogLevel.Information, "Listener {Name} accepts on {Address}.")]
    public static partial void ListenerStarted(this ILogger logger, string name, string address);

    [LoggerMessage(2, LogLevel.Information, "Part {Name} started.")]
    public static partial void PartStarted(this ILogger logger, string name);

    [LoggerMessage(3, LogLevel.Information, "Metrics are at {Address}metrics.")]
    public static partial void MetricsStarted(this ILogger logger, string address);

    [LoggerMessage(4, LogLevel.Error, "The server could not start: {Problem}")]
    public static partial void StartFailed(this ILogger logger, string problem);

    [LoggerMessage(5, LogLevel.Information, "Draining: no new clients, statements in flight may finish. A second signal ends at once.")]
    public static partial void Draining(this ILogger logger);

    [LoggerMessage(6, LogLevel.Information, "Stopped.")]
    public static partial void Stopped(this ILogger logger);

    [LoggerMessage(7, LogLevel.Warning, "Ended at once, as asked; sessions were cut off.")]
    public static partial void EndedAtOnce(this ILogger logger);

    [LoggerMessage(8, LogLevel.Error, "{Part} could not stop in order.")]
    public static partial void StopFailed(this ILogger logger, string part, Exception exception);

    [LoggerMessage(9, LogLevel.Warning, "{Warning}")]
    public static partial void ConfigurationWarning(this ILogger logger, string warning);

    [LoggerMessage(10, LogLevel.Information, "Configuration reloaded; policy version {Version} is in force.")]
    public static partial void Reloaded(this ILogger logger, long version);

    [LoggerMessage(11, LogLevel.Error, "{Error}")]
    public static partial void ConfigurationRefused(this ILogger logger, string error);

    [LoggerMessage(12, LogLevel.Error, "The configuration was not reloaded; the old one stays in force (policy version {Version}).")]
    public static partial void ReloadRefused(this ILogger logger, long version);

    [LoggerMessage(13, LogLevel.Warning, "{Key} differs in the reloaded file and takes effect after a restart.")]
    public static partial void NeedsRestart(this ILogger logger, string key);

    [LoggerMessage(14, LogLevel.Error, "The reload failed.")]
    public static partial void ReloadFailed(this ILogger logger, Exception exception);

    [LoggerMessage(40, LogLevel.Warning, "{Message}")]
    public static partial void Catalog(this ILogger logger, string message);

    [LoggerMessage(41, LogLevel.Error, "Listener {Listener}: canary {Canary} was about to be sent to {Principal} at {Client}; the session was ended.")]
    public static partial void CanaryFound(this ILogger logger, string listener, string canary, string principal, string client);
}
