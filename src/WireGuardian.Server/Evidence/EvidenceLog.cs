using Microsoft.Extensions.Logging;

namespace WireGuardian.Server.Evidence;

/// <summary>What evidence leaves in the log. Event ids 60 to 69 of the server's.</summary>
internal static partial class EvidenceLog
{
    [LoggerMessage(60, LogLevel.Warning, "The checkpoint of audit record {Sequence} could not be sent to {Sink}; it is tried again, and only the first failure is logged: {Problem}")]
    public static partial void CheckpointNotSent(this ILogger logger, string sink, long sequence, string problem);

    [LoggerMessage(61, LogLevel.Information, "Checkpoints are sent to {Sink} again, from audit record {Sequence} on.")]
    public static partial void CheckpointsSentAgain(this ILogger logger, string sink, long sequence);

    [LoggerMessage(62, LogLevel.Information, "Retention took away {Records} audit records.")]
    public static partial void Pruned(this ILogger logger, long records);

    [LoggerMessage(63, LogLevel.Warning, "Audit records past their retention could not be taken away; it is tried again in an hour: {Problem}")]
    public static partial void NotPruned(this ILogger logger, string problem);

    [LoggerMessage(64, LogLevel.Information, "The audit trail is signed with the key {KeyId}.")]
    public static partial void SigningKey(this ILogger logger, string keyId);
}
