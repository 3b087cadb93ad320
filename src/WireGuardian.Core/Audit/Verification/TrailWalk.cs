namespace WireGuardian.Core.Audit.Verification;

/// <summary>One walk over a trail with all that is held against it: the chain, and checkpoints from wherever they were kept.</summary>
/// <param name="anchor">Where the chain begins.</param>
/// <param name="checkpoints">Each source of checkpoints; empty for the chain alone.</param>
public sealed class TrailWalk(AuditHead anchor, IReadOnlyList<CheckpointWalk> checkpoints)
{
    private readonly ChainWalk _chain = new(anchor);
    private string _problem = "";

    /// <summary>False when the walk is over because something is wrong.</summary>
    public bool GoesOn => _chain.FirstBad is null && _problem.Length == 0;

    /// <summary>Holds the checkpoints up to the anchor against it. False when something is wrong.</summary>
    public bool Begin()
    {
        foreach (var walk in checkpoints)
        {
            if (walk.Begin(anchor) is { } problem)
            {
                _problem = problem;
                return false;
            }
        }
        return true;
    }

    /// <summary>The next record. False when something is wrong with it.</summary>
    public bool Follow(long sequence, ReadOnlySpan<byte> canonicalRecord, ReadOnlySpan<byte> hash) =>
        _chain.Follow(sequence, canonicalRecord, hash) && HoldsCheckpoints(sequence, hash);

    /// <summary>As the other, for a record that was read.</summary>
    public bool Follow(ChainedAuditRecord record) =>
        _chain.Follow(record) && HoldsCheckpoints(record.Sequence, Convert.FromHexString(record.Hash));

    /// <summary>The sequence that comes next.</summary>
    public long Next => _chain.Head.Sequence + 1;

    /// <summary>Ends the walk at a record that is wrong for another reason. Always false.</summary>
    public bool Break(long sequence, string problem) => _chain.Break(sequence, problem);

    /// <summary>After the last record, or where the walk stopped.</summary>
    public AuditVerification End()
    {
        var head = _chain.Head;
        if (GoesOn && checkpoints.Select(walk => walk.End(head)).FirstOrDefault(problem => problem is not null) is { } cut)
            _chain.Break(head.Sequence + 1, cut);
        return new AuditVerification(_chain.Records, _chain.FirstBad, head)
        {
            Problem = _problem.Length > 0 ? _problem : _chain.Problem,
            Anchor = anchor,
            Checkpoints = checkpoints.Sum(walk => walk.Good),
            OlderCheckpoints = checkpoints.Sum(walk => walk.Older),
            CoveredTo = checkpoints.Select(walk => walk.CoveredTo).DefaultIfEmpty().Max(),
        };
    }

    private bool HoldsCheckpoints(long sequence, ReadOnlySpan<byte> hash)
    {
        foreach (var walk in checkpoints)
        {
            if (walk.IsDue(sequence) && walk.At(sequence, Convert.ToHexStringLower(hash)) is { } problem)
                return _chain.Break(sequence, problem);
        }
        return true;
    }
}
