namespace WireGuardian.Postgres.Framing;

/// <summary>Who sends a message: type letters mean different messages in each direction (<c>D</c> is Describe or DataRow).</summary>
public enum MessageDirection
{
    /// <summary>From the client to the server.</summary>
    Frontend,

    /// <summary>From the server to the client.</summary>
    Backend,
}
