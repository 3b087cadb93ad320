namespace WireGuardian.MySql.Relay;

/// <summary>What the client's next packet is.</summary>
public enum ClientPhase : byte
{
    Command,

    /// <summary>A piece of the file that the server asked for; an empty packet ends it.</summary>
    File,

    /// <summary>A reply in an authentication exchange.</summary>
    Login,
}
