namespace WireGuardian.Postgres.Relay;

/// <summary>What the client's direction waits for.</summary>
public enum ClientWait
{
    Nothing,

    /// <summary>The server has to answer what was sent before names, settings or the queue's length allow the next message.</summary>
    Settled,

    /// <summary>The queue of outstanding requests is full.</summary>
    Room,

    /// <summary>The catalog has to be asked before the statement can be judged.</summary>
    Catalog,

    /// <summary>The server has to be asked, on the catalog login, by which columns the statement chooses rows.</summary>
    Lineage,

    /// <summary>Other sessions do something that the statement must not meet.</summary>
    Others,

    /// <summary>The statement stands at the gate.</summary>
    Gate,
}
