namespace WireGuardian.MySql.Relay;

/// <summary>What becomes of a client's command.</summary>
public enum Disposition
{
    Forward,

    /// <summary>It was refused, and the client has its answer.</summary>
    Drop,

    /// <summary>It comes again when what it waits for is there; nothing of it was sent.</summary>
    Wait,

    /// <summary>All of it has to be there.</summary>
    NeedsWhole,
}
