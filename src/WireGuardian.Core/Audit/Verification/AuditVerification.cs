namespace WireGuardian.Core.Audit.Verification;

/// <summary>What a walk over the whole chain found.</summary>
/// <param name="Records">How many records were good, counted from the first, or from the anchor that retention left.</param>
/// <param name="FirstBadSequence">The first sequence at which the trail does not hold (altered, missing, moved, cut off); null when it holds.</param>
/// <param name="Head">The last good record.</param>
public sealed record AuditVerification(long Records, long? FirstBadSequence, AuditHead Head)
{
    /// <summary>What is wrong at <see cref="FirstBadSequence"/>, or with evidence that belongs to no record; empty when nothing is.</summary>
    public string Problem { get; init; } = "";

    /// <summary>Where the chain begins: empty for the first record ever, else the record after which retention left the rest.</summary>
    public AuditHead Anchor { get; init; } = AuditHead.Empty;

    /// <summary>Checkpoints whose signature is good and whose record is the one that they name.</summary>
    public long Checkpoints { get; init; }

    /// <summary>Checkpoints of records that retention has taken away: only their signature could be checked.</summary>
    public long OlderCheckpoints { get; init; }

    /// <summary>Sequence of the newest record that a checkpoint covers; what comes after is held by the chain alone. 0 when there is no checkpoint.</summary>
    public long CoveredTo { get; init; }

    /// <summary>Receipts whose signature is good and whose record is the one that they name.</summary>
    public long Receipts { get; init; }

    public bool IsIntact => FirstBadSequence is null && Problem.Length == 0;
}
