using WireGuardian.Core.Audit.Evidence;

namespace WireGuardian.Server.Evidence;

/// <summary>One place that checkpoints are sent to. Called by one caller at a time.</summary>
internal interface ICheckpointSink : IDisposable
{
    /// <summary>For log and metrics: <c>file</c>, <c>stdout</c>, <c>syslog</c>, <c>otlp</c>.</summary>
    string Name { get; }

    /// <summary>Completes when the checkpoint is there, as far as the way to it can tell; any exception means that it is not.</summary>
    Task SendAsync(SignedCheckpoint checkpoint, CancellationToken cancellationToken);
}
