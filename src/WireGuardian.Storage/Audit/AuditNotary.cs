using Microsoft.Data.Sqlite;
using WireGuardian.Core.Audit;
using WireGuardian.Core.Audit.Evidence;

namespace WireGuardian.Storage.Audit;

/// <summary>
/// Signs what the store commits, in the same transaction: a receipt with every decision, a checkpoint after so many records or whenever one is asked for. One
/// thread at a time.
/// </summary>
internal sealed class AuditNotary(AuditSigningKey key, int checkpointRecords, TimeProvider time)
{
    private SqliteConnection _connection = null!;
    private long _lastCheckpoint;
    private long _anchor;

    public AuditPublicKey Key => key.Public;

    /// <summary>Goes on with a store as its file is now.</summary>
    public void Attach(SqliteConnection connection)
    {
        _connection = connection;
        _lastCheckpoint = Number("SELECT coalesce(max(sequence), 0) FROM audit_checkpoint");
        _anchor = Number("SELECT coalesce(max(sequence), 0) FROM audit_anchor");
    }

    /// <summary>Notes the key as the one in use, inside a transaction. False when it was that already.</summary>
    public bool Register(SqliteTransaction transaction)
    {
        using var last = Command(transaction, "SELECT id FROM audit_key ORDER BY rowid DESC LIMIT 1");
        if (last.ExecuteScalar() is string id && id == key.Public.Id)
            return false;
        // A key that comes back into use goes to the end.
        using var command = Command(transaction, "DELETE FROM audit_key WHERE id = $id; INSERT INTO audit_key (id, pem) VALUES ($id, $pem)");
        command.Parameters.AddWithValue("$id", key.Public.Id);
        command.Parameters.AddWithValue("$pem", key.Public.Pem);
        command.ExecuteNonQuery();
        return true;
    }

    /// <summary>Makes the receipt of a record, inside the transaction that commits it, where its event has one.</summary>
    public void Receipt(SqliteTransaction transaction, long sequence, AuditRecord record, ReadOnlySpan<byte> hash)
    {
        if (!AuditEvents.HasReceipt(record.Event))
            return;
        var receipt = AuditReceipt.Of(record, sequence, Convert.ToHexStringLower(hash)).Sign(key);
        using var command = Command(
            transaction, "INSERT INTO audit_receipt (sequence, request_id, key_id, signature) VALUES ($sequence, $request, $key, $signature)");
        command.Parameters.AddWithValue("$sequence", sequence);
        command.Parameters.AddWithValue("$request", record.RequestId);
        command.Parameters.AddWithValue("$key", receipt.KeyId);
        command.Parameters.AddWithValue("$signature", receipt.Signature);
        command.ExecuteNonQuery();
    }

    /// <summary>True when so many records have come since the last checkpoint that it is time for another.</summary>
    public bool IsDue(long sequence) => sequence - _lastCheckpoint >= checkpointRecords;

    /// <summary>Makes a checkpoint of the head, inside a transaction; null where there is nothing new since the last.</summary>
    public SignedCheckpoint? Checkpoint(SqliteTransaction transaction, AuditHead head)
    {
        if (head.Sequence <= _lastCheckpoint)
            return null;
        var signed = new AuditCheckpoint(head.Sequence, head.Hash, time.GetUtcNow(), head.Sequence - _anchor).Sign(key);
        using var command = Command(transaction, """
            INSERT INTO audit_checkpoint (sequence, hash, time, records, key_id, signature) VALUES ($sequence, $hash, $time, $records, $key, $signature)
            """);
        command.Parameters.AddWithValue("$sequence", head.Sequence);
        command.Parameters.AddWithValue("$hash", Convert.FromHexString(head.Hash));
        command.Parameters.AddWithValue("$time", signed.Checkpoint.Time.UtcTicks);
        command.Parameters.AddWithValue("$records", signed.Checkpoint.Records);
        command.Parameters.AddWithValue("$key", signed.KeyId);
        command.Parameters.AddWithValue("$signature", signed.Signature);
        command.ExecuteNonQuery();
        return signed;
    }

    /// <summary>The transaction that holds the checkpoint is committed.</summary>
    public void Committed(SignedCheckpoint checkpoint) => _lastCheckpoint = checkpoint.Checkpoint.Sequence;

    /// <summary>Retention took away the records up to this one.</summary>
    public void Anchored(long sequence) => _anchor = sequence;

    private long Number(string sql)
    {
        // One of the two constants above.
#pragma warning disable CA2100
        using var command = new SqliteCommand(sql, _connection);
#pragma warning restore CA2100
        return (long)command.ExecuteScalar()!;
    }

    private SqliteCommand Command(SqliteTransaction transaction, string sql)
    {
        // Constants of this class.
#pragma warning disable CA2100
        return new SqliteCommand(sql, _connection, transaction);
#pragma warning restore CA2100
    }
}
