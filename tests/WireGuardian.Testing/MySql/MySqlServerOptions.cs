using WireGuardian.Testing.Tls;

namespace WireGuardian.Testing.MySql;

/// <summary>How a test server differs from the default: no TLS, every account of <see cref="MySqlAccounts"/>.</summary>
public sealed record MySqlServerOptions
{
    /// <summary>TLS is on where this is given, with this authority's certificate for localhost.</summary>
    public Certificates? Certificates { get; init; }

    /// <summary>More arguments of the server program, such as <c>--max-connections=2</c>; these win over the fixture's own.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Run once by root.</summary>
    public IReadOnlyList<string> Sql { get; init; } = [];
}
