using WireGuardian.Server.Configuration;

namespace WireGuardian.Server.Commands;

/// <summary>The audit settings in words.</summary>
internal static class AuditWords
{
    public static string SigningKey(AuditOptions audit) => audit.SigningKey is { } key ? $"from the configuration, {key.Public.Id}" : "kept in the data directory";

    public static string Retention(AuditOptions audit) => audit.Retention is { } retention ? $"{Show.Duration(retention)}, then up to a checkpoint" : "for ever";

    public static string Checkpoints(AuditOptions audit) =>
        $"after {audit.CheckpointRecords} records or {Show.Duration(audit.CheckpointInterval)}, to {string.Join(", ", Sinks(audit.Sinks).Prepend("the store"))}";

    private static IEnumerable<string> Sinks(CheckpointSinkOptions sinks)
    {
        if (sinks.File is { } file)
            yield return file;
        if (sinks.StandardOutput)
            yield return "standard output";
        if (sinks.Syslog is { } syslog)
            yield return $"syslog {syslog}";
        if (sinks.Otlp is { } otlp)
            yield return $"{PolicyWords.Of(otlp.Endpoint)} ({PolicyWords.Of(otlp.Protocol)})";
    }
}
