using Microsoft.Data.Sqlite;
using WireGuardian.Core.Audit;

namespace WireGuardian.Storage.Audit;

/// <summary>Reads audit.db, also while it is written and when no server runs. Every call has a connection of its own.</summary>
public sealed class AuditReader
{
    private readonly string _path;
    private readonly TimeSpan _lockTimeout;

    public AuditReader(string dataDirectory)
        : this(Path.Combine(dataDirectory, AuditSchema.FileName), new SqliteAuditOptions().LockTimeout)
    {
    }

    internal AuditReader(string path, TimeSpan lockTimeout)
    {
        _path = path;
        _lockTimeout = lockTimeout;
    }

    /// <summary>As <see cref="IAuditLog.Query"/>. Throws <see cref="AuditUnavailableException"/> when the store cannot be read.</summary>
    public IReadOnlyList<ChainedAuditRecord> Query(AuditQuery query) => Read(connection =>
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
        command.Parameters.AddWithValue("$limit", Math.Max(0, query.Limit));
        var where = conditions.Count == 0 ? "" : $"WHERE {string.Join(" AND ", conditions)}";
        // Nothing of the query is in the text but the choice of these two conditions.
#pragma warning disable CA2100
        command.CommandText = $"""
            SELECT sequence, record, hash, (SELECT before.hash FROM audit AS before WHERE before.sequence = audit.sequence - 1)
            FROM audit {where} ORDER BY sequence DESC LIMIT $limit
            """;
#pragma warning restore CA2100
        var records = new List<ChainedAuditRecord>();
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            var previous = reader.IsDBNull(3) ? AuditHead.Empty.Hash : Hex(reader, 3);
            records.Add(new ChainedAuditRecord(reader.GetInt64(0), AuditRecordFormat.Read(reader.GetFieldValue<byte[]>(1)), previous, Hex(reader, 2)));
        }
        records.Reverse();
        return records;
    });

    /// <summary>Walks the whole chain. Throws <see cref="AuditUnavailableException"/> when the store cannot be read.</summary>
    public AuditVerification Verify() => Read(connection =>
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT sequence, time, request_id, record, hash FROM audit ORDER BY sequence";
        using var reader = command.ExecuteReader();
        var sequence = 0L;
        var previous = new byte[AuditChain.HashBytes];
        while (reader.Read())
        {
            if (!Continues(reader, sequence + 1, previous))
                return Result(sequence + 1);
            sequence++;
            previous = reader.GetFieldValue<byte[]>(4);
        }
        return Result(null);

        AuditVerification Result(long? bad) => new(sequence, bad, new AuditHead(sequence, Convert.ToHexStringLower(previous)));
    });

    private static bool Continues(SqliteDataReader reader, long sequence, byte[] previous)
    {
        try
        {
            return IsNext(reader, sequence, previous);
        }
        catch (Exception exception) when (exception is FormatException or InvalidCastException)
        {
            return false;
        }
    }

    private static bool IsNext(SqliteDataReader reader, long sequence, byte[] previous)
    {
        var canonical = reader.GetFieldValue<byte[]>(3);
        Span<byte> hash = stackalloc byte[AuditChain.HashBytes];
        AuditChain.Hash(previous, sequence, canonical, hash);
        if (reader.GetInt64(0) != sequence || !hash.SequenceEqual(reader.GetFieldValue<byte[]>(4)))
            return false;
        // The indexes find records by these two columns: they are of the trail too.
        var record = AuditRecordFormat.Read(canonical);
        return reader.GetInt64(1) == record.Time.UtcTicks && (reader.IsDBNull(2) ? "" : reader.GetString(2)) == record.RequestId;
    }

    private static string Hex(SqliteDataReader reader, int column) => Convert.ToHexStringLower(reader.GetFieldValue<byte[]>(column));

    private T Read<T>(Func<SqliteConnection, T> read)
    {
        try
        {
            using var connection = SqliteDatabase.OpenToRead(_path, _lockTimeout);
            return read(connection);
        }
        catch (Exception exception) when (exception is SqliteException or FormatException)
        {
            throw new AuditUnavailableException($"The audit store cannot be read: {exception.Message}", exception);
        }
    }
}
