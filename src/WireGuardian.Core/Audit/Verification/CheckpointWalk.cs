using WireGuardian.Core.Audit.Evidence;

namespace WireGuardian.Core.Audit.Verification;

/// <summary>Holds checkpoints against the records of a chain while that is walked.</summary>
/// <param name="checkpoints">In the order of their sequences; read as the walk goes on.</param>
/// <param name="source">Where they come from, for messages: "the store".</param>
/// <param name="keys">The keys whose signatures count.</param>
public sealed class CheckpointWalk(IEnumerable<SignedCheckpoint> checkpoints, string source, AuditPublicKeys keys) : IDisposable
{
    private readonly IEnumerator<SignedCheckpoint> _checkpoints = checkpoints.GetEnumerator();
    private SignedCheckpoint? _next;
    private bool _begun;

    /// <summary>Checkpoints that are good.</summary>
    public long Good { get; private set; }

    /// <summary>Checkpoints of records before the chain's first: their signature is good, and that is all that can be known.</summary>
    public long Older { get; private set; }

    /// <summary>Sequence of the newest that is good.</summary>
    public long CoveredTo { get; private set; }

    /// <summary>Holds those up to a chain's beginning against it. What is wrong, or null.</summary>
    public string? Begin(AuditHead anchor)
    {
        Advance();
        while (_next is { } signed && signed.Checkpoint.Sequence < anchor.Sequence)
        {
            if (SignatureProblem(signed) is { } problem)
                return problem;
            Older++;
            Advance();
        }
        return anchor.Sequence == 0 ? null : At(anchor.Sequence, anchor.Hash);
    }

    /// <summary>Holds those of one record against it. What is wrong, or null.</summary>
    public string? At(long sequence, string hash)
    {
        while (_next is { } signed && signed.Checkpoint.Sequence <= sequence)
        {
            if (SignatureProblem(signed) is { } problem)
                return problem;
            if (signed.Checkpoint.Sequence != sequence)
                return $"The checkpoints of {source} are not in the order of their sequences.";
            if (signed.Checkpoint.Hash != hash)
                return $"A checkpoint of {source}, signed at {EvidenceJson.Text(signed.Checkpoint.Time)}, names another hash: the trail was rewritten up to here.";
            Good++;
            CoveredTo = sequence;
            Advance();
        }
        return null;
    }

    /// <summary>True when a checkpoint may be of this record: hashes need not be made readable for the others.</summary>
    public bool IsDue(long sequence) => _next is { } signed && signed.Checkpoint.Sequence <= sequence;

    /// <summary>After the last record: what is wrong, or null.</summary>
    public string? End(AuditHead head)
    {
        if (_next is not { } signed)
            return null;
        return SignatureProblem(signed)
            ?? $"The trail ends at record {head.Sequence}, but a checkpoint of {source}, signed at {EvidenceJson.Text(signed.Checkpoint.Time)}, names record {signed.Checkpoint.Sequence}: the rest was cut off.";
    }

    public void Dispose() => _checkpoints.Dispose();

    private string? SignatureProblem(SignedCheckpoint signed) =>
        signed.ProblemBy(keys) is { } problem ? $"The checkpoint of {source} for record {signed.Checkpoint.Sequence} does not count. {problem}" : null;

    private void Advance()
    {
        if (!_begun || _next is not null)
            _next = _checkpoints.MoveNext() ? _checkpoints.Current : null;
        _begun = true;
    }
}
