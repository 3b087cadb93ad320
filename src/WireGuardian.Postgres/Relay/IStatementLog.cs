using WireGuardian.Core.Detection;

namespace WireGuardian.Postgres.Relay;

/// <summary>Where the relay tells what passed and what was answered. Called on the hot path: nothing in it may wait.</summary>
public interface IStatementLog : IMaskStatistics, IDetectionStatistics
{
    /// <summary>
    /// A statement that no rule matches is about to be sent. Throws <see cref="Core.Audit.AuditUnavailableException"/> when that cannot be recorded: then it
    /// must not be sent.
    /// </summary>
    void Passed(PreparedStatement statement, Judgement judgement);

    /// <summary>The server finished a batch (ReadyForQuery).</summary>
    void BatchEnded();

    /// <summary>The server told the key with which this session can be cancelled.</summary>
    void KeyReceived(int processId, ReadOnlySpan<byte> key);
}
