using Microsoft.Data.Sqlite;
using WireGuardian.Core.Audit;

namespace WireGuardian.Storage.Audit;

/// <summary>The writer's side of audit.db: appends to the chain, a batch a transaction. One thread at a time.</summary>
internal sealed class AuditStore : IDisposable
{
    private readonly string _path;
    private readonly TimeSpan _lockTimeout;
    private readonly byte[] _hash = new byte[AuditChain.HashBytes];
    private SqliteConnection? _connection;
    private SqliteCommand? _insert;
    private volatile AuditHead _head = AuditHead.Empty;

    public AuditStore(string path, TimeSpan lockTimeout)
    {
        _path = path;
        _lockTimeout = lockTimeout;
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
        _connection = SqliteDatabase.Open(_path, AuditSchema.Version, AuditSchema.Create, _lockTimeout);
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
    }

    /// <summary>Appends the records in order, all or none; durable on return. After an exception only <see cref="Reopen"/> is of use.</summary>
    public void Commit(IReadOnlyList<QueuedRecord> records)
    {
        using var transaction = _connection!.BeginTransaction(deferred: false);
        _insert!.Transaction = transaction;
        var sequence = _head.Sequence;
        Convert.FromHexString(_head.Hash, _hash, out _, out _);
        foreach (var record in records)
            Insert(++sequence, record);
        transaction.Commit();
        // SQLite goes on writing to a file that was deleted under it, and all of it would be gone with the process.
        if (!File.Exists(_path))
            throw new StorageException($"The store {_path} was deleted while it was in use.");
        _head = new AuditHead(sequence, Convert.ToHexStringLower(_hash));
        LastNumber = records[^1].Number;
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

    private void Insert(long sequence, QueuedRecord queued)
    {
        AuditChain.Hash(_hash, sequence, queued.Canonical, _hash);
        var record = AuditRecordFormat.Read(queued.Canonical);
        var values = _insert!.Parameters;
        values[0].Value = sequence;
        values[1].Value = queued.Number;
        values[2].Value = record.Time.UtcTicks;
        values[3].Value = record.RequestId.Length == 0 ? DBNull.Value : record.RequestId;
        values[4].Value = queued.Canonical.ToArray();
        values[5].Value = _hash;
        _insert.ExecuteNonQuery();
    }
}
