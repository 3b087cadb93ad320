namespace WireGuardian.MySql.Relay;

/// <summary>What the client's direction waits for.</summary>
public enum ClientWait
{
    Nothing,

    /// <summary>The server has to answer what was sent before.</summary>
    Settled,

    /// <summary>The server has to speak in an authentication exchange.</summary>
    LoginReply,

    /// <summary>The client has to be sent the proxy's own answer in an authentication exchange.</summary>
    LoginAnswer,

    /// <summary>The queue of outstanding commands is full.</summary>
    Room,

    /// <summary>The catalog has to be asked before the statement can be judged.</summary>
    Catalog,

    /// <summary>The statement stands at the gate.</summary>
    Gate,

    /// <summary>The client has to be told that its statement was refused.</summary>
    Refusal,
}
