namespace WireGuardian.Core.Audit.Reporting;

/// <summary>Counts records into one <see cref="ApprovalTally"/>.</summary>
internal sealed class TallyBuilder(string name)
{
    private readonly List<TimeSpan> _waits = [];
    private ApprovalTally _tally = new() { Name = name };

    public void Count(AuditRecord record, TimeSpan? wait, bool isSelfApproval)
    {
        _tally = record.Event switch
        {
            AuditEvents.Hold => _tally with { Held = _tally.Held + 1 },
            AuditEvents.Approve => _tally with { Approvals = _tally.Approvals + 1 },
            AuditEvents.Deny => _tally with { Denials = _tally.Denials + 1 },
            AuditEvents.BreakGlass => _tally with { BreakGlass = _tally.BreakGlass + 1 },
            AuditEvents.Release => _tally with { Released = _tally.Released + 1 },
            AuditEvents.Expire => _tally with { Expired = _tally.Expired + 1 },
            AuditEvents.Withdraw => _tally with { Withdrawn = _tally.Withdrawn + 1 },
            AuditEvents.Abandon => _tally with { Abandoned = _tally.Abandoned + 1 },
            AuditEvents.DecisionRefused => _tally with
            {
                RefusedDecisions = _tally.RefusedDecisions + 1,
                SelfApprovals = _tally.SelfApprovals + (isSelfApproval ? 1 : 0),
            },
            _ => _tally,
        };
        if (wait is { } known && Settles(record))
            _waits.Add(known);
    }

    public ApprovalTally Build()
    {
        _waits.Sort();
        return _tally with { MedianWait = Rank(0.5), P95Wait = Rank(0.95) };
    }

    /// <summary>An approval that is one of several leaves the request pending.</summary>
    private static bool Settles(AuditRecord record) =>
        record.Event is AuditEvents.Deny or AuditEvents.BreakGlass || (record.Event == AuditEvents.Approve && record.Decision != "pending");

    /// <summary>The nearest rank.</summary>
    private TimeSpan? Rank(double share) => _waits.Count == 0 ? null : _waits[(int)Math.Ceiling(share * _waits.Count) - 1];
}
