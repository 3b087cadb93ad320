using WireGuardian.Core.Audit;
using WireGuardian.Core.Statements;

namespace WireGuardian.Proxy.Gating;

/// <summary>
/// Records the statements that no rule matches. What can change something is recorded each time; of reads, the first of its kind at once and equal ones after it
/// as a number, at least once per <see cref="Window"/>. Guarded by the relay's lock.
/// </summary>
public sealed class StatementRecorder(IAuditLog audit, TimeProvider time)
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
    /// <param name="mark">What was kept with the statement by the last call; keep it again.</param>
    /// <param name="statement">The statement, in whatever form <paramref name="describe"/> takes it.</param>
    /// <param name="describe">Describes the statement; asked only where it has to be looked at.</param>
    public void Passed<TStatement>(ref RecordMark mark, TStatement statement, Func<TStatement, GatedStatement> describe)
    {
        if (_groups.Count > 0 && (time.GetElapsedTime(_windowStarted) >= Window || _groups.Count >= MaxGroups))
            Flush();
        if (mark.Window == _windowStarted && mark.Group is Group counted)
        {
            counted.Repeated++;
            return;
        }
        var described = describe(statement);
        var readsOnly = (described.Verdict.Kinds & ~Gate.ReadOnlyKinds) == StatementKinds.None;
        if (readsOnly && _groups.TryGetValue(described.Statement, out var group))
        {
            group.Repeated++;
        }
        else
        {
            var record = Gate.ToRecord(described, time);
            audit.Append(record);
            if (!readsOnly)
                return;
            if (_groups.Count == 0)
                _windowStarted = time.GetTimestamp();
            _groups[described.Statement] = group = new Group { Record = record };
        }
        mark = new(group, _windowStarted);
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
