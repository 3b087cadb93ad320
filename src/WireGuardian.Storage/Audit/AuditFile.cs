using Microsoft.Data.Sqlite;
using WireGuardian.Core.Audit;

namespace WireGuardian.Storage.Audit;

/// <summary>audit.db as its readers see it, also while it is written and when no server runs. Every reading has a connection of its own.</summary>
internal sealed class AuditFile(string path, TimeSpan lockTimeout)
{
    /// <summary>The first version of the store that holds evidence beside the trail.</summary>
    private const int EvidenceSince = 2;

    public string Path => path;

    /// <summary>Throws <see cref="AuditUnavailableException"/> when the file cannot be read.</summary>
    public T Read<T>(Func<SqliteConnection, T> read)
    {
        try
        {
            using var connection = SqliteDatabase.OpenToRead(path, lockTimeout);
            return read(connection);
        }
        catch (Exception exception) when (exception is SqliteException or FormatException or InvalidCastException)
        {
            throw new AuditUnavailableException($"The audit store cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>False for a store that an older program wrote, and no newer one has opened since.</summary>
    public static bool HasEvidence(SqliteConnection connection)
    {
        using var command = new SqliteCommand("PRAGMA user_version", connection);
        return (long)command.ExecuteScalar()! >= EvidenceSince;
    }

    /// <summary>Where the chain begins.</summary>
    public static AuditHead Anchor(SqliteConnection connection)
    {
        if (!HasEvidence(connection))
            return AuditHead.Empty;
        using var command = new SqliteCommand("SELECT sequence, hash FROM audit_anchor", connection);
        using var reader = command.ExecuteReader();
        return reader.Read() ? new AuditHead(reader.GetInt64(0), Hex(reader, 1)) : AuditHead.Empty;
    }

    public static string Hex(SqliteDataReader reader, int column) => Convert.ToHexStringLower(reader.GetFieldValue<byte[]>(column));
}
