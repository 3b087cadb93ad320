using Microsoft.Data.Sqlite;
using WireGuardian.Core.Audit;
using WireGuardian.Core.Audit.Evidence;

namespace WireGuardian.Storage.Audit;

/// <summary>The writer's side of audit.db: appends to the chain, a batch a transaction. One thread at a time.</summary>
internal sealed class AuditStore : IDisposable
{
    private readonly string _path;
    private readonly TimeSpan _lockTimeout;
    private readonly AuditNotary? _notary;
    private readonly Action<SignedCheckpoint> _checkpointMade;
    private readonly byte[] _hash = new byte[AuditChain.HashBytes];
    private SqliteConnection? _connection;
    private SqliteCommand? _insert;
    private volatile AuditHead _head = AuditHead.Empty;

    public AuditStore(string path, SqliteAuditOptions options, TimeProvider time)
    {
        _path = path;
        _lockTimeout = options.LockTimeout;
        _notary = options.SigningKey is { } key ? new AuditNotary(key, options.CheckpointRecords, time) : null;
        _checkpointMade = options.CheckpointMade;
        Reopen();
    }

    /// <summary>The last committed record.</summary>
    public AuditHead Head => _head;

    /// <summary>Number of the last committed record.</summary>
    public long LastNumber { get; private set; }

    /// <summary>Starts anew after a failure, with what the file says was committed.</summary>
    public void Reopen()
    {
        Dispose();
        _connection = SqliteDatabase.Open(_path, AuditSchema.Version, AuditSchema.Create, _lockTimeout, AuditSchema.Upgrades);
        using var command = _connection.CreateCommand();
        command.CommandText = "SELECT sequence, hash, number FROM audit ORDER BY sequence DESC LIMIT 1";
        using var reader = command.ExecuteReader();
        var any = reader.Read();
        var found = any ? new AuditHead(reader.GetInt64(0), Convert.ToHexStringLower(reader.GetFieldValue<byte[]>(1))) : AuditHead.Empty;
        if (found.Sequence < _head.Sequence)
            throw new StorageException($"The store {_path} ends at record {found.Sequence}, but record {_head.Sequence} was committed.");
        _head = found;
        LastNumber = any ? reader.GetInt64(2) : 0;
        _insert = PrepareInsert(_connection);
        _notary?.Attach(_connection);
    }

    /// <summary>
    /// Appends the records in order, all or none, with their receipts and the checkpoint that is due; durable on return. After an exception only
    /// <see cref="Reopen"/> is of use.
    /// </summary>
    public void Commit(IReadOnlyList<QueuedRecord> records) => Append(records, checkpoint: false);

    /// <summary>Makes a checkpoint of the head, where records have come since the last.</summary>
    public void Checkpoint() => Append([], checkpoint: true);

    /// <summary>Puts the key in use on record, where it is another than before. False when it is the same.</summary>
    public bool RegisterKey(TimeProvider time)
    {
        if (_notary is null)
            return false;
        using (var transaction = _connection!.BeginTransaction(deferred: false))
        {
            if (!_notary.Register(transaction))
                return false;
            // The record comes first: a key that the store knows is one that the trail names.
            var record = new AuditRecord
            {
                Time = time.GetUtcNow(),
                Event = AuditEvents.SigningKey,
                Digest = _notary.Key.Id,
                Detail = "This key signs receipts and checkpoints from now on.",
            };
            Insert(transaction, [new QueuedRecord(LastNumber + 1, SpoolFrame.Create(record), null)]);
            transaction.Commit();
        }
        Advance(_head.Sequence + 1, LastNumber + 1);
        return true;
    }

    /// <summary>From now on the chain begins after <paramref name="anchor"/>; what comes before it may be taken away.</summary>
    public void Anchor(AuditHead anchor)
    {
        using var transaction = _connection!.BeginTransaction(deferred: false);
        using var command = new SqliteCommand(
            "INSERT INTO audit_anchor (id, sequence, hash) VALUES (1, $sequence, $hash) ON CONFLICT (id) DO UPDATE SET sequence = excluded.sequence, hash = excluded.hash",
            _connection, transaction);
        command.Parameters.AddWithValue("$sequence", anchor.Sequence);
        command.Parameters.AddWithValue("$hash", Convert.FromHexString(anchor.Hash));
        command.ExecuteNonQuery();
        transaction.Commit();
        _notary?.Anchored(anchor.Sequence);
    }

    /// <summary>Takes away at most <paramref name="atOnce"/> records before the anchor, with their receipts and checkpoints. False when none are left.</summary>
    public bool Prune(int atOnce)
    {
        using var transaction = _connection!.BeginTransaction(deferred: false);
        using var command = new SqliteCommand(
            """
            DELETE FROM audit WHERE sequence IN
                (SELECT sequence FROM audit WHERE sequence <= (SELECT sequence FROM audit_anchor) ORDER BY sequence LIMIT $most);
            """,
            _connection, transaction);
        command.Parameters.AddWithValue("$most", atOnce);
        var pruned = command.ExecuteNonQuery();
        command.CommandText = """
            DELETE FROM audit_receipt WHERE sequence < coalesce((SELECT min(sequence) FROM audit), 0);
            DELETE FROM audit_checkpoint
                WHERE sequence < coalesce((SELECT min(sequence) FROM audit), 0) AND sequence < coalesce((SELECT sequence FROM audit_anchor), 0);
            """;
        command.ExecuteNonQuery();
        transaction.Commit();
        return pruned == atOnce;
    }

    /// <summary>Throws when the store cannot be written now.</summary>
    public void Probe() => SqliteDatabase.Execute(_connection!, $"PRAGMA user_version = {AuditSchema.Version}");

    public void Dispose()
    {
        _insert?.Dispose();
        _insert = null;
        _connection?.Dispose();
        _connection = null;
    }

    private static SqliteCommand PrepareInsert(SqliteConnection connection)
    {
        var insert = connection.CreateCommand();
        insert.CommandText = "INSERT INTO audit (sequence, number, time, request_id, record, hash) VALUES ($sequence, $number, $time, $request, $record, $hash)";
        insert.Parameters.Add("$sequence", SqliteType.Integer);
        insert.Parameters.Add("$number", SqliteType.Integer);
        insert.Parameters.Add("$time", SqliteType.Integer);
        insert.Parameters.Add("$request", SqliteType.Text);
        insert.Parameters.Add("$record", SqliteType.Blob);
        insert.Parameters.Add("$hash", SqliteType.Blob);
        insert.Prepare();
        return insert;
    }

    private void Append(IReadOnlyList<QueuedRecord> records, bool checkpoint)
    {
        SignedCheckpoint? made = null;
        var sequence = _head.Sequence + records.Count;
        using (var transaction = _connection!.BeginTransaction(deferred: false))
        {
            Insert(transaction, records);
            if (_notary is not null && (checkpoint || _notary.IsDue(sequence)))
                made = _notary.Checkpoint(transaction, new AuditHead(sequence, Convert.ToHexStringLower(_hash)));
            transaction.Commit();
        }
        // SQLite goes on writing to a file that was deleted under it, and all of it would be gone with the process.
        if (!File.Exists(_path))
            throw new StorageException($"The store {_path} was deleted while it was in use.");
        Advance(sequence, records.Count > 0 ? records[^1].Number : LastNumber);
        if (made is null)
            return;
        _notary!.Committed(made);
        _checkpointMade(made);
    }

    private void Advance(long sequence, long number)
    {
        _head = new AuditHead(sequence, Convert.ToHexStringLower(_hash));
        LastNumber = number;
    }

    private void Insert(SqliteTransaction transaction, IReadOnlyList<QueuedRecord> records)
    {
        _insert!.Transaction = transaction;
        Convert.FromHexString(_head.Hash, _hash, out _, out _);
        var sequence = _head.Sequence;
        foreach (var record in records)
            Insert(transaction, ++sequence, record);
    }

    private void Insert(SqliteTransaction transaction, long sequence, QueuedRecord queued)
    {
        AuditChain.Hash(_hash, sequence, queued.Canonical, _hash);
        var (ticks, requestId) = AuditRecordFormat.ReadIndexed(queued.Canonical);
        var values = _insert!.Parameters;
        values[0].Value = sequence;
        values[1].Value = queued.Number;
        values[2].Value = ticks;
        values[3].Value = requestId.Length == 0 ? DBNull.Value : requestId;
        values[4].Value = queued.Canonical.ToArray();
        values[5].Value = _hash;
        _insert.ExecuteNonQuery();
        if (requestId.Length > 0)
            _notary?.Receipt(transaction, sequence, AuditRecordFormat.Read(queued.Canonical), _hash);
    }
}
