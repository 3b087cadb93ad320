namespace WireGuardian.Core.Audit.Verification;

/// <summary>Follows a chain record by record, and stops where it does not hold.</summary>
/// <param name="start">The record before the first one: <see cref="AuditHead.Empty"/>, or the anchor that retention left.</param>
public sealed class ChainWalk(AuditHead start)
{
    private byte[] _hash = Convert.FromHexString(start.Hash);
    private byte[] _before = new byte[AuditChain.HashBytes];
    private long _sequence = start.Sequence;

    /// <summary>How many records held.</summary>
    public long Records => _sequence - start.Sequence;

    /// <summary>The last record that held.</summary>
    public AuditHead Head => new(_sequence, Convert.ToHexStringLower(_hash));

    /// <summary>The sequence at which the chain broke; null while it holds.</summary>
    public long? FirstBad { get; private set; }

    /// <summary>What is wrong there, in one sentence; empty while it holds.</summary>
    public string Problem { get; private set; } = "";

    /// <summary>The next record. False when it does not continue the chain; then the walk is over.</summary>
    public bool Follow(ChainedAuditRecord record)
    {
        try
        {
            var isLinked = record.PreviousHash == Convert.ToHexStringLower(_hash);
            return Follow(record.Sequence, AuditRecordFormat.ToBytes(record.Record), Convert.FromHexString(record.Hash))
                && (isLinked || Break(record.Sequence, "It does not name the hash of the record before."));
        }
        catch (FormatException exception)
        {
            return Break(_sequence + 1, exception.Message);
        }
    }

    /// <summary>As <see cref="Follow(ChainedAuditRecord)"/>, with the record's canonical bytes as they are stored.</summary>
    public bool Follow(long sequence, ReadOnlySpan<byte> canonicalRecord, ReadOnlySpan<byte> hash)
    {
        if (sequence != _sequence + 1)
            return Break(_sequence + 1, sequence > _sequence ? $"It is missing: record {sequence} follows record {_sequence}." : $"Record {sequence} stands in its place.");
        Span<byte> expected = stackalloc byte[AuditChain.HashBytes];
        AuditChain.Hash(_hash, sequence, canonicalRecord, expected);
        if (!expected.SequenceEqual(hash))
            return Break(sequence, "Its hash is not that of its content and of the record before: one of them was altered.");
        (_hash, _before) = (_before, _hash);
        expected.CopyTo(_hash);
        _sequence = sequence;
        return true;
    }

    /// <summary>Ends the walk, for another reason than the chain, at the record that was followed last or would be next. Always false.</summary>
    public bool Break(long sequence, string problem)
    {
        if (FirstBad is not null)
            return false;
        FirstBad = sequence;
        Problem = problem;
        if (sequence == _sequence)
        {
            (_hash, _before) = (_before, _hash);
            _sequence--;
        }
        return false;
    }
}
