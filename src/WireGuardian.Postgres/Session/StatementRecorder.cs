using WireGuardian.Core.Audit;
using WireGuardian.Core.Statements;
using WireGuardian.Postgres.Relay;
using WireGuardian.Proxy.Gating;

namespace WireGuardian.Postgres.Session;

/// <summary>
/// Records the statements that no rule matches. What can change something is recorded each time; of reads, the first of its kind at once and equal ones after it
/// as a number, at least once per <see cref="Window"/>. Guarded by the relay's lock.
/// </summary>
public sealed class StatementRecorder(
    IAuditLog audit, TimeProvider time, Func<PreparedStatement, string> masked, Func<PreparedStatement, Judgement, GatedStatement> describe)
{
    /// <summary>For so long equal reads are counted before the number is recorded.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(1);

    private const int MaxGroups = 256;

    private readonly Dictionary<string, Group> _groups = [];
    private long _windowStarted;

    private sealed class Group
    {
        public required AuditRecord Record { get; init; }
        public long Repeated { get; set; }
    }

    /// <summary>A statement is about to be sent. Throws <see cref="AuditUnavailableException"/> when that cannot be recorded.</summary>
    public void Passed(PreparedStatement statement, Judgement judgement)
    {
        if (statement.Facts.Count == 0)
            return;
        if (_groups.Count > 0 && (time.GetElapsedTime(_windowStarted) >= Window || _groups.Count >= MaxGroups))
            Flush();
        if (statement.RecordedIn == _windowStarted && statement.RecordGroup is Group counted)
        {
            counted.Repeated++;
            return;
        }
        var text = masked(statement);
        var readsOnly = (judgement.Verdict.Kinds & ~Gate.ReadOnlyKinds) == StatementKinds.None;
        if (readsOnly && _groups.TryGetValue(text, out var group))
        {
            group.Repeated++;
        }
        else
        {
            var record = Gate.ToRecord(describe(statement, judgement), time);
            audit.Append(record);
            if (!readsOnly)
                return;
            if (_groups.Count == 0)
                _windowStarted = time.GetTimestamp();
            _groups[text] = group = new Group { Record = record };
        }
        (statement.RecordedIn, statement.RecordGroup) = (_windowStarted, group);
    }

    /// <summary>Records the numbers if their time has come.</summary>
    public void FlushIfDue()
    {
        if (_groups.Count > 0 && time.GetElapsedTime(_windowStarted) >= Window)
            Flush();
    }

    /// <summary>Records the numbers.</summary>
    public void Flush()
    {
        foreach (var group in _groups.Values)
        {
            if (group.Repeated > 0)
                audit.Append(group.Record with { Time = time.GetUtcNow(), Count = group.Repeated });
        }
        _groups.Clear();
        _windowStarted = 0;
    }
}
