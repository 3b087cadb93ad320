using WireGuardian.Core.Approvals;
using WireGuardian.Core.Policies;
using WireGuardian.Postgres.Catalog;
using WireGuardian.Proxy.Limits;

namespace WireGuardian.Postgres.Relay;

/// <summary>A portal that a Bind made: a statement with its bind values, ready to run.</summary>
public sealed class Portal(PreparedStatement statement)
{
    private bool _isDescribed;
    private bool _ranBehindOthers;

    /// <summary>The policy that was in force when it was described: another one masks otherwise.</summary>
    private Policy? _describedUnder;

    /// <summary>The picture of the catalog by which what it runs by a name was described: the server looks that up again when it is run.</summary>
    private ICatalogView? _describedBy;

    /// <summary>The version of the labels when it was described.</summary>
    private long _labelsThen;

    /// <summary><see cref="SqlNames.CursorChanges"/> when it was bound: if that has grown, another cursor may bear its name.</summary>
    public int CursorChanges { get; set; }

    public PreparedStatement Statement { get; } = statement;

    /// <summary>The picture of the catalog when it was bound; null where that is not known. What its statement's names meant then is what it runs.</summary>
    public ICatalogView? BoundUnder { get; init; }

    /// <summary>How its rows are masked; null until a description of it has passed.</summary>
    public MaskPlan? Plan { get; set; }

    /// <summary>Up to when that holds.</summary>
    public PlanStamp PlannedAt { get; set; }

    /// <summary><see cref="RelayState.Runs"/> when it was bound, described or run last: if others ran since, a name may mean something else.</summary>
    public required long KnownAt { get; set; }

    /// <summary>
    /// True where a description of it may be of something else than its rows, for it runs something by a name: the server describes what the name meant at the Bind and runs what it
    /// means later, if others ran in between; and once it has been run its rows stay what they are, whatever the name comes to mean.
    /// </summary>
    public bool MayDiffer => _ranBehindOthers || HasItsRows;

    /// <summary>
    /// The verdict under which it was let through to its first run; running it on (a row limit) is the same execution, unless it is judged otherwise by then: code
    /// that it calls can have been replaced.
    /// </summary>
    public Verdict? Admitted { get; private set; }

    /// <summary>How much of its rows may pass, over all its runs; null for no limit.</summary>
    public ResultLimit<StatementAtGate>? Limit { get; set; }

    /// <summary>SHA-256 of the Bind message behind its names, kept only for statements that a rule may hold.</summary>
    public byte[]? BindDigest { get; set; }

    /// <summary>The bind values by type and length, kept only for statements that a rule may hold.</summary>
    public IReadOnlyList<BindValue> Values { get; set; } = [];

    /// <summary>True when its rows have a plan, or will have one before they come, that still is theirs; also when it gives none.</summary>
    public bool IsDescribedFor(long runs, Judgement? judgement, long labels)
    {
        if (!_isDescribed)
            return Statement.GivesNoRows && !Statement.DependsOnNames;
        if (!ReferenceEquals(_describedUnder, judgement?.Policy) || _labelsThen != labels)
            return false;
        return HasItsRows || (KnownAt == runs && (!Statement.DependsOnNames || ReferenceEquals(_describedBy, judgement?.View)));
    }

    /// <summary>A Describe of it is on its way.</summary>
    public void BeginDescription(long runs, Judgement? judgement, long labels)
    {
        Follow(runs);
        (_isDescribed, _describedUnder, _describedBy, _labelsThen) = (true, judgement?.Policy, judgement?.View, labels);
    }

    /// <summary>An Execute of it is on its way, or what stands in for a refused one; <paramref name="runs"/> counts it.</summary>
    /// <param name="admitted">The verdict under which it passed; null for a refused one.</param>
    public void BeginRun(long runs, Verdict? admitted)
    {
        Follow(runs - 1);
        (KnownAt, Admitted) = (runs, admitted);
    }

    /// <summary>It runs something by a name, and its first run has decided what.</summary>
    private bool HasItsRows => Admitted is not null && Statement.DependsOnNames;

    private void Follow(long runs)
    {
        _ranBehindOthers |= Admitted is null && Statement.DependsOnNames && KnownAt != runs;
        KnownAt = runs;
    }
}
