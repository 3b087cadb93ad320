namespace WireGuardian.MySql.Client;

/// <summary>What a connection of the proxy's own may use up.</summary>
public sealed record MySqlClientOptions
{
    /// <summary>Bytes of one packet of the server's.</summary>
    public int MaxPacketBytes { get; init; } = 32 << 20;

    /// <summary>Bytes of one result.</summary>
    public int MaxResultBytes { get; init; } = 256 << 20;

    /// <summary>For one command, from its sending to the end of its answer.</summary>
    public TimeSpan CommandTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>What the server sees as the connection's program.</summary>
    public string ProgramName { get; init; } = "wireguardian";
}
