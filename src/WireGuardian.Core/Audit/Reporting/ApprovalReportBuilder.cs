namespace WireGuardian.Core.Audit.Reporting;

/// <summary>Makes the report of records that are shown to it in the order of the trail.</summary>
/// <param name="since">Only what happened from this time on; holds before it are noted all the same, for the waits.</param>
/// <param name="until">Only what happened before this time.</param>
public sealed class ApprovalReportBuilder(DateTimeOffset? since, DateTimeOffset? until)
{
    /// <summary>Decisions that a report lists one by one.</summary>
    public const int MostDecisions = 10_000;

    /// <summary>The events that a report is made of.</summary>
    public static IReadOnlyList<string> Events { get; } =
    [
        AuditEvents.Hold, AuditEvents.Approve, AuditEvents.Deny, AuditEvents.BreakGlass, AuditEvents.Release, AuditEvents.Expire, AuditEvents.Withdraw,
        AuditEvents.Abandon, AuditEvents.DecisionRefused, AuditEvents.OperatorRefused,
    ];

    private readonly TallyBuilder _total = new("");
    private readonly SortedDictionary<string, TallyBuilder> _rules = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, TallyBuilder> _operators = new(StringComparer.Ordinal);
    private readonly Dictionary<string, AuditRecord> _held = [];
    private readonly Queue<ReportedDecision> _decisions = [];
    private readonly Dictionary<string, long> _refusedOperators = [];
    private long _leftOut;

    public void Add(long sequence, AuditRecord record)
    {
        // A held statement's own record is looked up for as long as it may be decided on.
        if (record.Event == AuditEvents.Hold)
            _held[record.RequestId] = record;
        var hold = _held.GetValueOrDefault(record.RequestId);
        if (record.Event is AuditEvents.Deny or AuditEvents.Release or AuditEvents.Expire or AuditEvents.Withdraw or AuditEvents.Abandon)
            _held.Remove(record.RequestId);
        if ((since is { } from && record.Time < from) || (until is { } to && record.Time >= to))
            return;
        if (record.Event == AuditEvents.OperatorRefused)
            _refusedOperators[record.Client] = _refusedOperators.GetValueOrDefault(record.Client) + 1;
        else
            Count(sequence, record, hold);
    }

    public ApprovalReport Build() => new()
    {
        Since = since,
        Until = until,
        Total = _total.Build(),
        ByRule = [.. _rules.Values.Select(rule => rule.Build())],
        ByOperator = [.. _operators.Values.Select(one => one.Build())],
        Decisions = [.. _decisions],
        DecisionsLeftOut = _leftOut,
        RefusedOperators = [.. _refusedOperators.OrderByDescending(refused => refused.Value).ThenBy(refused => refused.Key, StringComparer.Ordinal)],
    };

    private void Count(long sequence, AuditRecord record, AuditRecord? hold)
    {
        var wait = hold is null ? null : (TimeSpan?)(record.Time - hold.Time);
        var isSelfApproval = record.Event == AuditEvents.DecisionRefused && IsSelfApproval(record, hold);
        foreach (var tally in TalliesOf(record))
            tally.Count(record, wait, isSelfApproval);
        if (record.Event is not (AuditEvents.Approve or AuditEvents.Deny or AuditEvents.BreakGlass or AuditEvents.DecisionRefused))
            return;
        _decisions.Enqueue(new ReportedDecision(
            sequence, record.Time, record.Event, record.Operator, record.Person, record.Channel, record.Method, record.RequestId, record.Principal, record.Rule, record.Statement,
            record.Detail, wait, isSelfApproval));
        if (_decisions.Count <= MostDecisions)
            return;
        _decisions.Dequeue();
        _leftOut++;
    }

    private IEnumerable<TallyBuilder> TalliesOf(AuditRecord record)
    {
        yield return _total;
        if (record.Rule.Length > 0)
            yield return Of(_rules, record.Rule);
        if (record.Operator.Length > 0)
            yield return Of(_operators, record.Operator);
    }

    private static TallyBuilder Of(SortedDictionary<string, TallyBuilder> tallies, string name)
    {
        if (!tallies.TryGetValue(name, out var tally))
            tallies[name] = tally = new TallyBuilder(name);
        return tally;
    }

    /// <summary>By the names, and by the persons behind them where the configuration knows those.</summary>
    private static bool IsSelfApproval(AuditRecord refused, AuditRecord? hold) =>
        string.Equals(refused.Operator, refused.Principal, StringComparison.OrdinalIgnoreCase)
        || (refused.Person.Length > 0 && hold is not null && refused.Person == hold.Person);
}
