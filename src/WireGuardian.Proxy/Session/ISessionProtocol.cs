using WireGuardian.Core.Approvals;
using WireGuardian.Core.Identity;
using WireGuardian.Core.Policies;

namespace WireGuardian.Proxy.Session;

/// <summary>What of a session is its protocol's own.</summary>
public interface ISessionProtocol
{
    /// <summary>Who the session belongs to now.</summary>
    Principal Principal { get; }

    /// <summary>The session's database now; empty for none.</summary>
    string Database { get; }

    /// <summary>The message that ends the session of a proxy that stops.</summary>
    ReadOnlyMemory<byte> Goodbye { get; }

    /// <summary>Finds the answer for the client's direction.</summary>
    Task AnswerClientAsync(CancellationToken cancellationToken);

    /// <summary>Finds the answer for the server's direction.</summary>
    Task AnswerServerAsync(CancellationToken cancellationToken);

    /// <summary>What the client is told before both legs are closed because one side broke the protocol, or a canary was found; empty where there is nothing to tell.</summary>
    ReadOnlyMemory<byte> LastWords(Exception problem);

    /// <summary>The client's statement is held.</summary>
    Task AnnounceAsync(IHeldStatement held, Verdict verdict);

    /// <summary>The session should end at the next moment at which nothing is lost; true when that is now. Called under the relay's lock.</summary>
    bool BeginDraining();

    /// <summary>The session is over. Called under the relay's lock.</summary>
    void End();
}
