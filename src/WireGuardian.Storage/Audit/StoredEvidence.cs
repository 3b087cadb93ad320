using Microsoft.Data.Sqlite;
using WireGuardian.Core.Audit.Evidence;

namespace WireGuardian.Storage.Audit;

/// <summary>Keys and checkpoints as audit.db has them; a store of an older program has none.</summary>
internal static class StoredEvidence
{
    public static List<AuditPublicKey> Keys(SqliteConnection connection)
    {
        var keys = new List<AuditPublicKey>();
        if (!AuditFile.HasEvidence(connection))
            return keys;
        using var command = new SqliteCommand("SELECT pem FROM audit_key ORDER BY rowid", connection);
        using var reader = command.ExecuteReader();
        while (reader.Read())
            keys.Add(AuditPublicKey.FromPem(reader.GetString(0)));
        return keys;
    }

    /// <summary>Read as they are asked for.</summary>
    public static IEnumerable<SignedCheckpoint> Checkpoints(SqliteConnection connection, bool newestFirst = false)
    {
        if (!AuditFile.HasEvidence(connection))
            yield break;
        // One of two constants.
#pragma warning disable CA2100
        using var command = new SqliteCommand(
            $"SELECT sequence, hash, time, records, key_id, signature FROM audit_checkpoint ORDER BY sequence {(newestFirst ? "DESC" : "ASC")}", connection);
#pragma warning restore CA2100
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            var ticks = reader.GetInt64(2);
            if (ticks < DateTimeOffset.MinValue.UtcTicks || ticks > DateTimeOffset.MaxValue.UtcTicks)
                throw new FormatException("The time of a checkpoint is out of range.");
            yield return new SignedCheckpoint(
                new AuditCheckpoint(reader.GetInt64(0), AuditFile.Hex(reader, 1), new DateTimeOffset(ticks, TimeSpan.Zero), reader.GetInt64(3)),
                reader.GetString(4), reader.GetString(5));
        }
    }
}
