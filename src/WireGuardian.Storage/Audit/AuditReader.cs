using Microsoft.Data.Sqlite;
using WireGuardian.Core.Audit;
using WireGuardian.Core.Audit.Evidence;
using WireGuardian.Core.Audit.Verification;

namespace WireGuardian.Storage.Audit;

/// <summary>
/// Reads audit.db, also while it is written and when no server runs. Every method throws <see cref="AuditUnavailableException"/> when the store cannot be read.
/// </summary>
public sealed class AuditReader : IAuditArchive
{
    private readonly AuditFile _file;

    public AuditReader(string dataDirectory)
        : this(Path.Combine(dataDirectory, AuditSchema.FileName), new SqliteAuditOptions().LockTimeout)
    {
    }

    internal AuditReader(string path, TimeSpan lockTimeout) => _file = new AuditFile(path, lockTimeout);

    /// <summary>Reads a store by the path of its file.</summary>
    public static AuditReader OfFile(string path) => new(path, new SqliteAuditOptions().LockTimeout);

    /// <summary>As <see cref="IAuditLog.Query"/>.</summary>
    public IReadOnlyList<ChainedAuditRecord> Query(AuditQuery query) => _file.Read(connection =>
    {
        using var command = connection.CreateCommand();
        var conditions = new List<string>();
        if (query.Since is { } since)
        {
            conditions.Add("time >= $since");
            command.Parameters.AddWithValue("$since", since.UtcTicks);
        }
        if (query.RequestId is { } requestId)
        {
            conditions.Add("request_id = $request");
            command.Parameters.AddWithValue("$request", requestId);
        }
        var records = Select(connection, command, conditions, "DESC", Math.Max(0, query.Limit));
        records.Reverse();
        return records;
    });

    public AuditPage Read(AuditFilter filter, long after, int scan) => _file.Read(connection =>
    {
        using var command = connection.CreateCommand();
        command.Parameters.AddWithValue("$after", after);
        // The order of the chain is wanted, not that of the index: the plus keeps the planner from sorting all of it.
        var conditions = new List<string> { "audit.sequence > $after" };
        if (filter.UpTo is { } upTo)
        {
            conditions.Add("audit.sequence <= $upto");
            command.Parameters.AddWithValue("$upto", upTo);
        }
        if (filter.Since is { } since)
        {
            conditions.Add("+time >= $since");
            command.Parameters.AddWithValue("$since", since.UtcTicks);
        }
        if (filter.Until is { } until)
        {
            conditions.Add("+time < $until");
            command.Parameters.AddWithValue("$until", until.UtcTicks);
        }
        if (filter.RequestId is { } requestId)
        {
            conditions.Add("request_id = $request");
            command.Parameters.AddWithValue("$request", requestId);
        }
        var records = Select(connection, command, conditions, "ASC", scan);
        return new AuditPage(
            [.. records.Where(record => filter.Matches(record.Record))],
            records.Count > 0 ? records[^1].Sequence : after,
            IsLast: records.Count < scan);
    });

    public long End() => _file.Read(connection =>
    {
        using var command = new SqliteCommand("SELECT coalesce(max(sequence), 0) FROM audit", connection);
        return (long)command.ExecuteScalar()!;
    });

    public IReadOnlyList<SignedReceipt> Receipts(string requestId) => _file.Read(connection =>
    {
        var receipts = new List<SignedReceipt>();
        if (!AuditFile.HasEvidence(connection))
            return receipts;
        using var command = new SqliteCommand(
            """
            SELECT audit.sequence, audit.record, audit.hash, key_id, signature FROM audit_receipt JOIN audit USING (sequence)
            WHERE audit_receipt.request_id = $request ORDER BY audit.sequence
            """,
            connection);
        command.Parameters.AddWithValue("$request", requestId);
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            var record = AuditRecordFormat.Read(reader.GetFieldValue<byte[]>(1));
            receipts.Add(new SignedReceipt(AuditReceipt.Of(record, reader.GetInt64(0), AuditFile.Hex(reader, 2)), reader.GetString(3), reader.GetString(4)));
        }
        return receipts;
    });

    public IReadOnlyList<AuditPublicKey> SigningKeys() => _file.Read(StoredEvidence.Keys);

    public SignedCheckpoint? NewestCheckpoint() => _file.Read(connection => StoredEvidence.Checkpoints(connection, newestFirst: true).FirstOrDefault());

    /// <summary>Walks the whole chain, and holds what the store has of evidence against it.</summary>
    /// <param name="keys">The keys whose signatures count; null for those that the store itself names.</param>
    /// <param name="checkpoints">Checkpoints that were kept elsewhere, in the order of their sequences.</param>
    public AuditVerification Verify(AuditPublicKeys? keys = null, IReadOnlyList<SignedCheckpoint>? checkpoints = null) =>
        _file.Read(connection => StoredTrail.Verify(connection, keys, checkpoints ?? []));

    private static List<ChainedAuditRecord> Select(SqliteConnection connection, SqliteCommand command, List<string> conditions, string order, int limit)
    {
        var anchor = AuditFile.Anchor(connection);
        // What retention is about to take away is not of the trail any more.
        conditions.Add("audit.sequence > $anchor");
        command.Parameters.AddWithValue("$anchor", anchor.Sequence);
        command.Parameters.AddWithValue("$limit", limit);
        // Nothing of a question is in the text but the choice of conditions that are constants.
#pragma warning disable CA2100
        command.CommandText = $"""
            SELECT sequence, record, hash, (SELECT before.hash FROM audit AS before WHERE before.sequence = audit.sequence - 1)
            FROM audit WHERE {string.Join(" AND ", conditions)} ORDER BY sequence {order} LIMIT $limit
            """;
#pragma warning restore CA2100
        var records = new List<ChainedAuditRecord>();
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            var previous = reader.IsDBNull(3) ? anchor.Hash : AuditFile.Hex(reader, 3);
            records.Add(new ChainedAuditRecord(
                reader.GetInt64(0), AuditRecordFormat.Read(reader.GetFieldValue<byte[]>(1)), previous, AuditFile.Hex(reader, 2)));
        }
        return records;
    }
}
