using System.Net.Sockets;
using WireGuardian.Core.Audit;
using WireGuardian.Core.Policies;
using WireGuardian.Proxy.Metrics;

namespace WireGuardian.Proxy.Egress;

/// <summary>The canaries of one listener as the policy in force has them, and where a find is reported. A reload reaches sessions with their next send.</summary>
public sealed class CanarySource(PolicySource policies, string listener, IAuditLog audit, ListenerMetrics metrics, TimeProvider time)
{
    private sealed record Compiled(Policy Policy, CanarySearch? Search);

    private Compiled? _compiled;

    public string Listener => listener;

    public TimeProvider Time => time;

    /// <summary>Told of every find, for the log. Must not throw.</summary>
    public Action<Canary, AuditRecord> Log { get; init; } = static (_, _) => { };

    /// <summary>What to search with; null where there is nothing to look for.</summary>
    public CanarySearch? Current
    {
        get
        {
            var policy = policies.Current;
            var compiled = Volatile.Read(ref _compiled);
            if (compiled is null || !ReferenceEquals(compiled.Policy, policy))
                Volatile.Write(ref _compiled, compiled = Compile(policy));
            return compiled.Search;
        }
    }

    /// <summary>The watch for one client.</summary>
    public EgressWatch Watch(Socket client) => new(this, client);

    /// <summary>Puts a find on record, counts and logs it. Never throws: the session ends in any case.</summary>
    internal void Report(Canary canary, AuditRecord session)
    {
        var record = session with { Decision = "ended", Rule = canary.Name, Detail = $"Canary \"{canary.Name}\" was about to be sent to the client." };
        metrics.CanaryFound(canary.Name);
        Log(canary, record);
        try
        {
            audit.Append(record);
        }
        catch (AuditUnavailableException)
        {
            // The store's own counter of failures tells, and the log has it.
        }
    }

    private Compiled Compile(Policy policy)
    {
        var canaries = policy.Canaries.Where(canary => canary.AppliesTo(listener)).ToList();
        return new(policy, canaries.Count == 0 ? null : new CanarySearch(canaries));
    }
}
