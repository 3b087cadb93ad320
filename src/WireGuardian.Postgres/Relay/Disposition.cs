namespace WireGuardian.Postgres.Relay;

/// <summary>What becomes of a client's message.</summary>
public enum Disposition
{
    Forward,

    /// <summary>Something else was put in its place.</summary>
    Replaced,

    /// <summary>It comes again when what it waits for is there; nothing of it was sent.</summary>
    Wait,
}
