using WireGuardian.Server.Configuration;

namespace WireGuardian.Server.Composition;

/// <summary>Something that runs beside the listeners: the audit log, the approval queue, the control plane.</summary>
public interface IServerPart : IAsyncDisposable
{
    /// <summary>For log and <c>/readyz</c>, for example <c>audit</c>.</summary>
    string Name { get; }

    /// <summary>Why the server is not ready on account of this part; null while all is well.</summary>
    string? Problem { get; }

    /// <summary>Completes once the part works. Parts start in their order, before the listeners.</summary>
    Task StartAsync(CancellationToken cancellationToken);

    /// <summary>Ends the part's work. Parts stop in the reverse order, after the listeners are drained.</summary>
    Task StopAsync(CancellationToken cancellationToken);

    /// <summary>Takes what it can of a reloaded configuration. Must not throw: the file has been checked.</summary>
    void Apply(WireGuardianConfiguration configuration);
}
