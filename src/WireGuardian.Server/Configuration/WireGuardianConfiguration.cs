using System.Net;
using System.Security.Cryptography.X509Certificates;
using WireGuardian.Core.Policies;
using WireGuardian.Proxy.Limits;
using WireGuardian.Proxy.Listening;
using WireGuardian.Proxy.Tls;
using WireGuardian.Server.Channels;
using WireGuardian.Server.Operators;
using WireGuardian.Server.Operators.Oidc;

namespace WireGuardian.Server.Configuration;

/// <summary>One configuration file, checked and resolved: paths absolute, secrets read, certificates loaded.</summary>
public sealed record WireGuardianConfiguration
{
    /// <summary>Absolute path of the folder of the embedded store.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>The control plane; null where the file has none: then nobody can decide on held statements.</summary>
    public ControlOptions? Control { get; init; }

    /// <summary>The metrics endpoint and export; null where the file has none.</summary>
    public MetricsOptions? Metrics { get; init; }

    public required IReadOnlyList<ListenerOptions> Listeners { get; init; }

    /// <summary>Masking, approvals, copies and groups; its version is for the <see cref="PolicySource"/> to give.</summary>
    public required Policy Policy { get; init; }

    public IReadOnlyList<OperatorOptions> Operators { get; init; } = [];

    /// <summary>Where held statements are told of.</summary>
    public IReadOnlyList<ChannelOptions> Channels { get; init; } = [];

    /// <summary>Where chat services and their users reach this server; null where nothing of theirs is taken.</summary>
    public CallbackOptions? Callbacks { get; init; }

    /// <summary>Key of the masks <c>hash</c> and <c>token</c>; null where the file has none: then one is kept in the data directory.</summary>
    public byte[]? MaskingKey { get; init; }

    public AuditOptions Audit { get; init; } = new();

    /// <summary>The limits that a listener has unless it names its own.</summary>
    public LimitOptions Limits { get; init; } = new();

    public ApprovalLimitOptions ApprovalLimits { get; init; } = new();

    /// <summary>What is allowed but probably not meant, in the order of the file.</summary>
    public IReadOnlyList<ConfigurationError> Warnings { get; init; } = [];
}

/// <summary>The control plane's listener.</summary>
/// <param name="Listen">Where it listens.</param>
/// <param name="Tls">Its certificate, with mode <see cref="TlsMode.Require"/>; mode <see cref="TlsMode.Off"/> only on loopback.</param>
public sealed record ControlOptions(IPEndPoint Listen, ClientTlsOptions Tls)
{
    /// <summary>Authorities of operators' client certificates; null where none is asked for.</summary>
    public X509Certificate2Collection? ClientAuthorities { get; init; }

    /// <summary>The OpenID provider whose tokens are taken; null for none.</summary>
    public OidcOptions? Oidc { get; init; }
}

/// <summary>Where metrics go.</summary>
/// <param name="Listen">Address of <c>/metrics</c>, <c>/healthz</c> and <c>/readyz</c>.</param>
/// <param name="Otlp">Export to a collector; null for none.</param>
public sealed record MetricsOptions(IPEndPoint Listen, OtlpOptions? Otlp);

/// <summary>Export of metrics by OTLP.</summary>
/// <param name="Endpoint">The collector.</param>
/// <param name="Protocol">gRPC or HTTP.</param>
/// <param name="Interval">Time between two exports.</param>
public sealed record OtlpOptions(Uri Endpoint, OtlpProtocol Protocol, TimeSpan Interval);

/// <summary>How OTLP is carried.</summary>
public enum OtlpProtocol
{
    Grpc,
    HttpProtobuf,
}

/// <summary>Somebody who may decide on held statements.</summary>
/// <param name="Name">The name under which decisions are recorded.</param>
/// <param name="Groups">The operator's groups, which <c>approvers:</c> names.</param>
/// <param name="Token">The secret that the operator shows; empty where it is told by something else.</param>
public sealed record OperatorOptions(string Name, IReadOnlyList<string> Groups, string Token)
{
    /// <summary>The operator's client certificate; null for none.</summary>
    public CertificateName? Certificate { get; init; }

    /// <summary>Who the operator is to the OpenID provider, as the claim says that <c>nameClaim</c> names; null for nobody.</summary>
    public string? Oidc { get; init; }

    /// <summary>The operator's user id at Slack; null for none.</summary>
    public string? Slack { get; init; }

    public override string ToString() => $"OperatorOptions {{ Name = {Name} }}";
}

/// <summary>How many statements may be held at once.</summary>
public sealed record ApprovalLimitOptions
{
    /// <summary>Requests pending at once; more are refused.</summary>
    public int MaxPending { get; init; } = 1000;

    /// <summary>Requests of one database login pending at once; more are refused.</summary>
    public int MaxPendingPerUser { get; init; } = 50;
}
