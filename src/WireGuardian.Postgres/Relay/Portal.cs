using WireGuardian.Core.Approvals;
using WireGuardian.Core.Policies;
using WireGuardian.Postgres.Catalog;

namespace WireGuardian.Postgres.Relay;

/// <summary>A portal that a Bind made: a statement with its bind values, ready to run.</summary>
public sealed class Portal(PreparedStatement statement)
{
    private bool _isDescribed;

    /// <summary>The policy that was in force when it was described: another one masks otherwise.</summary>
    private Policy? _describedUnder;

    /// <summary><see cref="SqlNames.CursorChanges"/> when it was bound: if that has grown, another cursor may bear its name.</summary>
    public int CursorChanges { get; set; }

    public PreparedStatement Statement { get; } = statement;

    /// <summary>The picture of the catalog when it was bound; null where that is not known. What its statement's names meant then is what it runs.</summary>
    public ICatalogView? BoundUnder { get; init; }

    /// <summary>How its rows are masked; null until a description of it has passed.</summary>
    public MaskPlan? Plan { get; set; }

    /// <summary><see cref="RelayState.Runs"/> when it was bound, described or run last: if others ran since, a name may mean something else.</summary>
    public required long KnownAt { get; set; }

    /// <summary>
    /// Others ran between its Bind and its first run, and it runs something by a name: the server describes what the name meant at the Bind, and runs what it
    /// means later. Stays so, for what it runs from then on is decided by its first run.
    /// </summary>
    public bool MayDiffer { get; private set; }

    /// <summary>
    /// The verdict under which it was let through to its first run; running it on (a row limit) is the same execution, unless it is judged otherwise by then: code
    /// that it calls can have been replaced.
    /// </summary>
    public Verdict? Admitted { get; private set; }

    /// <summary>SHA-256 of the Bind message behind its names, kept only for statements that a rule may hold.</summary>
    public byte[]? BindDigest { get; set; }

    /// <summary>The bind values by type and length, kept only for statements that a rule may hold.</summary>
    public IReadOnlyList<BindValue> Values { get; set; } = [];

    /// <summary>True when its rows have a plan, or will have one before they come, that still is theirs; also when it gives none.</summary>
    public bool IsDescribedFor(long runs, Policy? policy) =>
        _isDescribed ? KnownAt == runs && ReferenceEquals(_describedUnder, policy) : Statement.GivesNoRows && !Statement.DependsOnNames;

    /// <summary>A Describe of it is on its way.</summary>
    public void BeginDescription(long runs, Policy? policy)
    {
        Follow(runs);
        (_isDescribed, _describedUnder) = (true, policy);
    }

    /// <summary>An Execute of it is on its way, or what stands in for a refused one; <paramref name="runs"/> counts it.</summary>
    /// <param name="admitted">The verdict under which it passed; null for a refused one.</param>
    public void BeginRun(long runs, Verdict? admitted)
    {
        Follow(runs - 1);
        (KnownAt, Admitted) = (runs, admitted);
    }

    private void Follow(long runs)
    {
        MayDiffer |= Admitted is null && Statement.DependsOnNames && KnownAt != runs;
        KnownAt = runs;
    }
}
