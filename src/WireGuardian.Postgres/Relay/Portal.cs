using WireGuardian.Core.Policies;

namespace WireGuardian.Postgres.Relay;

/// <summary>A portal that a Bind made: a statement with its bind values, ready to run.</summary>
public sealed class Portal(PreparedStatement statement)
{
    /// <summary><see cref="SqlNames.CursorChanges"/> when it was bound: if that has grown, another cursor may bear its name.</summary>
    public int CursorChanges { get; set; }

    /// <summary><see cref="RelayState.Executions"/> when it was bound: if that has grown, what it runs by a name may have changed.</summary>
    public long BoundAt { get; init; }

    public PreparedStatement Statement { get; } = statement;

    /// <summary>The policy that was in force when it was described: another one masks otherwise.</summary>
    public Policy? DescribedUnder { get; set; }

    /// <summary>How its rows are masked; null until a description of it has passed.</summary>
    public MaskPlan? Plan { get; set; }

    /// <summary>True once a Describe of it is on its way, so that a plan will be there before its rows.</summary>
    public bool IsDescribed { get; set; }

    /// <summary><see cref="RelayState.Runs"/> when it was described or run last: if others ran since, the name may have been given to a cursor.</summary>
    public long DescribedAt { get; set; }

    /// <summary>True once it was let through the gate; running it on (a row limit) is the same execution.</summary>
    public bool IsAdmitted { get; set; }

    /// <summary>SHA-256 of the whole Bind message, kept only for statements that a rule may hold.</summary>
    public byte[]? BindDigest { get; set; }
}
