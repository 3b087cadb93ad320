using WireGuardian.Core.Detection;
using WireGuardian.MySql.Authentication;

namespace WireGuardian.MySql.Relay;

/// <summary>Where the relay tells what passed and what was answered. Called on the hot path: nothing in it may wait.</summary>
public interface IStatementLog : IDetectionStatistics
{
    /// <summary>
    /// A statement that no rule matches is about to be sent. Throws <see cref="Core.Audit.AuditUnavailableException"/> when that cannot be recorded: then it
    /// must not be sent.
    /// </summary>
    void Passed(SessionStatement statement, Judgement judgement);

    /// <summary>The server finished an answer.</summary>
    void Answered();

    /// <summary>The server took a KILL for this connection.</summary>
    void Killed(ulong connectionId);

    /// <summary>The server took a COM_CHANGE_USER: the session belongs to another login from here on.</summary>
    void UserChanged(ClientIdentity identity);

    void CountMaskedValues(string rule, int count);
}
