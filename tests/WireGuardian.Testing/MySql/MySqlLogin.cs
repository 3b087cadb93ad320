namespace WireGuardian.Testing.MySql;

/// <summary>How a test's client logs in.</summary>
public sealed record MySqlLogin(MySqlAccount Account, string Database = "")
{
    public uint Capabilities { get; init; } = MySqlCapabilities.Plain;

    public uint MariaDbCapabilities { get; init; }

    /// <summary>The collation's number that the client names; utf8mb4_general_ci.</summary>
    public byte CharacterSet { get; init; } = 45;

    /// <summary>Asks for TLS.</summary>
    public bool Tls { get; init; }

    /// <summary>What the client says first; null for the greeting's own.</summary>
    public string? Plugin { get; init; }

    public IReadOnlyList<(string Name, string Value)> Attributes { get; init; } = [];
}
