using WireGuardian.Testing.Tls;

namespace WireGuardian.Testing.Postgres;

/// <summary>How a test server differs from the default: SCRAM over TCP on loopback, no TLS.</summary>
public sealed record PostgresServerOptions
{
    /// <summary>TLS is on where this is given, with this authority's certificate for localhost.</summary>
    public Certificates? Certificates { get; init; }

    /// <summary>Another certificate than that authority's default one; it needs <see cref="Certificates"/>.</summary>
    public CertificateFiles? ServerCertificate { get; init; }

    /// <summary>The lines of pg_hba.conf, first match decides. Default: <c>host all all 127.0.0.1/32 scram-sha-256</c> and replication likewise.</summary>
    public IReadOnlyList<string>? HostBasedAuthentication { get; init; }

    /// <summary>Settings by name, as in postgresql.conf but without quotes; these win over the fixture's own.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>Run once by the superuser in database postgres, as psql reads it.</summary>
    public string? Sql { get; init; }
}
