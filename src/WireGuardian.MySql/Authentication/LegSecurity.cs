namespace WireGuardian.MySql.Authentication;

/// <summary>Which legs of a session are TLS.</summary>
public readonly record struct LegSecurity(bool Client, bool Server)
{
    public bool Both => Client && Server;

    public bool Same => Client == Server;
}
