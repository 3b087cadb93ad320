namespace WireGuardian.MySql.Packets;

/// <summary>First bytes of packets. They mean something only together with the phase: a row may start with any of them but 0xFF.</summary>
public static class PacketMarkers
{
    public const byte Ok = 0x00;

    /// <summary>Extra data of an authentication plugin, while logging in.</summary>
    public const byte AuthenticationMoreData = 0x01;

    /// <summary>A server's request for a file of the client's, as the answer to a statement.</summary>
    public const byte LocalInfile = 0xFB;

    /// <summary>EOF, or OK where EOF is deprecated, or the request to switch the authentication plugin.</summary>
    public const byte Eof = 0xFE;
    public const byte AuthenticationSwitch = 0xFE;

    public const byte Error = 0xFF;
}
