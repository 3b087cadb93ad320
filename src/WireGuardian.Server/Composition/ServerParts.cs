using WireGuardian.Core.Audit;

namespace WireGuardian.Server.Composition;

/// <summary>The parts of one server, made but not started.</summary>
public sealed record ServerParts
{
    /// <summary>What runs beside the listeners, in the order in which it starts.</summary>
    public IReadOnlyList<IServerPart> Parts { get; init; } = [];

    public required IReadOnlyList<IProxyListener> Listeners { get; init; }

    /// <summary>Takes the records of start, stop and reload; null where nothing is recorded.</summary>
    public IAuditLog? Audit { get; init; }
}
