using System.Security.Cryptography.X509Certificates;

namespace WireGuardian.ControlPlane.Grpc.Client;

/// <summary>How a channel connects.</summary>
public sealed record GrpcChannelOptions
{
    /// <summary>Sent with every call as <c>authorization: Bearer …</c>.</summary>
    public string? BearerToken { get; init; }

    /// <summary>The roots a server's certificate must chain to; the system's own when null. The name is checked either way.</summary>
    public X509Certificate2Collection? TrustedRoots { get; init; }

    /// <summary>Shown to a server that asks for one, with its private key; null for none.</summary>
    public X509Certificate2? ClientCertificate { get; init; }

    /// <summary>The limit of one message in either direction, in bytes.</summary>
    public int MaxMessageSize { get; init; } = 4 * 1024 * 1024;

    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);
}
