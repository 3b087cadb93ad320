namespace WireGuardian.Testing.MySql;

/// <summary>How a test's client logs in.</summary>
public sealed record MySqlLogin(MySqlAccount Account, string Database = "")
{
    public uint Capabilities { get; init; } = MySqlCapabilities.Plain;

    public uint MariaDbCapabilities { get; init; }

    /// <summary>Asks for TLS.</summary>
    public bool Tls { get; init; }

    /// <summary>What the client says first; null for the greeting's own.</summary>
    public string? Plugin { get; init; }

    public IReadOnlyList<(string Name, string Value)> Attributes { get; init; } = [];
}
