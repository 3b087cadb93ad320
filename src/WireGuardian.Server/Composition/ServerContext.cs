using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using WireGuardian.Core.Policies;
using WireGuardian.Proxy.Metrics;
using WireGuardian.Server.Configuration;

namespace WireGuardian.Server.Composition;

/// <summary>What every part of the server is made from.</summary>
public sealed record ServerContext
{
    /// <summary>The configuration that the server starts with; a reload does not change it.</summary>
    public required WireGuardianConfiguration Configuration { get; init; }

    /// <summary>The policy in force, which a reload replaces.</summary>
    public required PolicySource Policies { get; init; }

    /// <summary>Key of the masks <c>hash</c> and <c>token</c>.</summary>
    public required byte[] MaskingKey { get; init; }

    /// <summary>The meter for instruments of the parts' own.</summary>
    public required Meter Meter { get; init; }

    public required ProxyMetrics Metrics { get; init; }

    public required ILoggerFactory Loggers { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>Standard output, for what is written there on purpose.</summary>
    public TextWriter Output { get; init; } = TextWriter.Null;

    /// <summary>Completes when the line <c>ready</c> is on standard output: nothing comes before it.</summary>
    public Task Ready { get; init; } = Task.CompletedTask;
}
