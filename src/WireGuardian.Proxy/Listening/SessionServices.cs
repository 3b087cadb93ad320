using WireGuardian.Core.Audit;
using WireGuardian.Core.Masking;
using WireGuardian.Core.Policies;
using WireGuardian.Proxy.Egress;
using WireGuardian.Proxy.Gating;
using WireGuardian.Proxy.Metrics;

namespace WireGuardian.Proxy.Listening;

/// <summary>What the sessions of one listener share.</summary>
public sealed record SessionServices
{
    public required ListenerOptions Options { get; init; }
    public required PolicySource Policies { get; init; }
    public required MaskKey MaskKey { get; init; }
    public required IAuditLog Audit { get; init; }
    public required Gate Gate { get; init; }
    public required ListenerMetrics Metrics { get; init; }
    public required CanarySource Canaries { get; init; }
    public required PredicateBudgets PredicateBudgets { get; init; }
    public required TimeProvider Time { get; init; }

    /// <summary>A record of a login, or of what becomes of one.</summary>
    public AuditRecord Record(string auditEvent, string login, string client, string database) => new()
    {
        Time = Time.GetUtcNow(),
        Event = auditEvent,
        Principal = login,
        Client = client,
        Listener = Options.Name,
        Database = database,
    };
}
