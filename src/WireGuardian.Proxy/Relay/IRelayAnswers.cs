namespace WireGuardian.Proxy.Relay;

/// <summary>The part of a session that waits for things: where a core says <see cref="RelayNeed.Answer"/>, the driver comes here.</summary>
public interface IRelayAnswers
{
    /// <summary>Finds the answer for the client's direction; the client is watched meanwhile. The core is called again when it completes.</summary>
    Task AnswerClientAsync(CancellationToken cancellationToken);

    /// <summary>Finds the answer for the server's direction.</summary>
    Task AnswerServerAsync(CancellationToken cancellationToken);

    /// <summary>The server's direction moved on: whoever waits for that may look again. Called often; must be cheap.</summary>
    void ServerProgressed();

    /// <summary>The client ended its side, or all: nobody waits for an operator's answer any more. May come twice.</summary>
    void ClientIsGone();

    /// <summary>
    /// What the client is told before both legs are closed because of <paramref name="problem"/>, which is an <see cref="EndOfStreamException"/> where the server ended its side; empty
    /// when there is nothing to say.
    /// </summary>
    ReadOnlyMemory<byte> LastWords(Exception problem);

    /// <summary>Bytes were sent on, for statistics. Called once per send; must be cheap.</summary>
    void CountBytes(bool toClient, int count);
}
