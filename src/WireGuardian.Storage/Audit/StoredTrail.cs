using Microsoft.Data.Sqlite;
using WireGuardian.Core.Audit;
using WireGuardian.Core.Audit.Evidence;
using WireGuardian.Core.Audit.Verification;

namespace WireGuardian.Storage.Audit;

/// <summary>Walks the trail of a store from end to end, with its checkpoints, receipts and what retention left, as of one moment.</summary>
internal sealed class StoredTrail
{
    private readonly SqliteConnection _connection;
    private readonly AuditPublicKeys _keys;
    private readonly AuditHead _anchor;
    private readonly bool _hasEvidence;
    private readonly bool _mustBeSigned;
    private bool _receiptsAreMade;
    private bool _isAnchorOnRecord;
    private long _receipts;

    private StoredTrail(SqliteConnection connection, AuditPublicKeys? keys)
    {
        _connection = connection;
        _hasEvidence = AuditFile.HasEvidence(connection);
        _mustBeSigned = keys is not null;
        _keys = keys ?? new AuditPublicKeys(StoredEvidence.Keys(connection));
        _anchor = AuditFile.Anchor(connection);
        // What came before the anchor is gone, and with it the record of the first key.
        _receiptsAreMade = _anchor.Sequence > 0;
    }

    public static AuditVerification Verify(SqliteConnection connection, AuditPublicKeys? keys, IReadOnlyList<SignedCheckpoint> checkpoints)
    {
        // One transaction, which ends with the connection: the walk sees no commit that its checkpoints do not.
        SqliteDatabase.Execute(connection, "BEGIN");
        return new StoredTrail(connection, keys).Walk(checkpoints);
    }

    private AuditVerification Walk(IReadOnlyList<SignedCheckpoint> checkpoints)
    {
        using var stored = new CheckpointWalk(StoredEvidence.Checkpoints(_connection), "the store", _keys);
        using var kept = new CheckpointWalk(checkpoints, "the checkpoint file", _keys);
        var walk = new TrailWalk(_anchor, [stored, kept]);
        if (walk.Begin())
            Follow(walk);
        var result = walk.End() with { Receipts = _receipts };
        if (!result.IsIntact)
            return result;
        if (_mustBeSigned && result.Records > 0 && result.CoveredTo == 0)
            return result with { Problem = "No checkpoint is there that one of the given keys signed: the chain holds, but anybody could have made it." };
        return Leftover(result.Head) is { } problem ? result with { FirstBadSequence = problem.Sequence, Problem = problem.Text } : result;
    }

    private void Follow(TrailWalk walk)
    {
        using var command = new SqliteCommand(
            _hasEvidence
                ? """
                  SELECT audit.sequence, time, audit.request_id, record, hash, key_id, signature FROM audit LEFT JOIN audit_receipt USING (sequence)
                  WHERE audit.sequence > $anchor ORDER BY audit.sequence
                  """
                : "SELECT sequence, time, request_id, record, hash, NULL, NULL FROM audit WHERE sequence > $anchor ORDER BY sequence",
            _connection);
        command.Parameters.AddWithValue("$anchor", _anchor.Sequence);
        using var reader = command.ExecuteReader();
        while (reader.Read() && Follow(walk, reader))
        {
        }
    }

    private bool Follow(TrailWalk walk, SqliteDataReader reader)
    {
        var sequence = reader.GetInt64(0);
        var canonical = reader.GetFieldValue<byte[]>(3);
        if (!walk.Follow(sequence, canonical, reader.GetFieldValue<byte[]>(4)))
            return false;
        AuditRecord record;
        try
        {
            record = AuditRecordFormat.Read(canonical);
        }
        catch (FormatException exception)
        {
            return walk.Break(sequence, exception.Message);
        }
        // The indexes find records by these two columns: they are of the trail too.
        if (reader.GetInt64(1) != record.Time.UtcTicks || (reader.IsDBNull(2) ? "" : reader.GetString(2)) != record.RequestId)
            return walk.Break(sequence, "It is indexed by another time or request than its own.");
        _receiptsAreMade |= record.Event == AuditEvents.SigningKey;
        _isAnchorOnRecord |= record.Event == AuditEvents.Prune && record.Digest == _anchor.Hash;
        return ReceiptProblem(record, sequence, reader) is not { } problem || walk.Break(sequence, problem);
    }

    private string? ReceiptProblem(AuditRecord record, long sequence, SqliteDataReader reader)
    {
        if (reader.IsDBNull(5))
            return _receiptsAreMade && record.RequestId.Length > 0 && AuditEvents.HasReceipt(record.Event) ? "Its receipt is missing." : null;
        var receipt = new SignedReceipt(AuditReceipt.Of(record, sequence, AuditFile.Hex(reader, 4)), reader.GetString(5), reader.GetString(6));
        if (receipt.ProblemBy(_keys) is { } problem)
            return $"Its receipt does not count. {problem}";
        _receipts++;
        return null;
    }

    /// <summary>What belongs to no record that was walked.</summary>
    private (long Sequence, string Text)? Leftover(AuditHead head)
    {
        if (!_hasEvidence)
            return null;
        if (_anchor.Sequence > 0 && !_isAnchorOnRecord)
            return (_anchor.Sequence, $"The records up to {_anchor.Sequence} are gone, and no record says that retention took them away.");
        if (_anchor.Sequence > 0 && !StoredEvidence.Checkpoints(_connection).Any(signed => signed.Checkpoint.Sequence == _anchor.Sequence))
            return (_anchor.Sequence, $"The records up to {_anchor.Sequence} are gone, and their signed checkpoint with them.");
        using var command = new SqliteCommand("SELECT min(sequence) FROM audit_receipt WHERE sequence > $head", _connection);
        command.Parameters.AddWithValue("$head", head.Sequence);
        return command.ExecuteScalar() is long orphan ? (orphan, $"The trail ends at record {head.Sequence}, but there is a receipt of record {orphan}.") : null;
    }
}
