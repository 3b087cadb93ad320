namespace WireGuardian.MySql.Startup;

/// <summary>Error numbers that the proxy uses itself, as both servers have them.</summary>
public static class ErrorCodes
{
    public const ushort TooManyConnections = 1040;
    public const ushort HandshakeError = 1043;
    public const ushort UserLimitReached = 1226;
    public const ushort NetReadInterrupted = 1159;
    public const ushort MalformedPacket = 1835;
    public const ushort NotSupportedAuthenticationMode = 1251;
    public const ushort SecureTransportRequired = 3159;

    /// <summary>The server's own for an upstream it cannot reach.</summary>
    public const ushort ConnectToForeignDataSource = 1429;
}
