using System.Globalization;
using Microsoft.Data.Sqlite;
using WireGuardian.Core.Audit;

namespace WireGuardian.Storage.Audit;

/// <summary>Finds up to where the trail may be let go.</summary>
internal sealed class AuditRetention(string path, TimeSpan lockTimeout)
{
    /// <summary>What can go.</summary>
    /// <param name="From">The record before the first; the anchor of today.</param>
    /// <param name="To">The last: a checkpoint's, the anchor that is to be.</param>
    internal sealed record Stretch(AuditHead From, AuditHead To);

    private readonly AuditFile _file = new(path, lockTimeout);

    /// <summary>The longest stretch of old records that ends at a checkpoint and holds nothing of an unfinished request; null when there is none.</summary>
    public Stretch? FindAnchor(DateTimeOffset before, IReadOnlyCollection<string> unfinished) => _file.Read(connection =>
    {
        var anchor = AuditFile.Anchor(connection);
        var kept = Math.Min(FirstSince(connection, before), FirstOf(connection, unfinished));
        using var command = new SqliteCommand(
            "SELECT sequence, hash FROM audit_checkpoint WHERE sequence > $anchor AND sequence < $kept ORDER BY sequence DESC LIMIT 1", connection);
        command.Parameters.AddWithValue("$anchor", anchor.Sequence);
        command.Parameters.AddWithValue("$kept", kept);
        using var reader = command.ExecuteReader();
        return reader.Read() ? new Stretch(anchor, new AuditHead(reader.GetInt64(0), AuditFile.Hex(reader, 1))) : null;
    });

    /// <summary>What is put on record before the stretch goes.</summary>
    public static AuditRecord Record(Stretch stretch, DateTimeOffset before, DateTimeOffset now) => new()
    {
        Time = now,
        Event = AuditEvents.Prune,
        Digest = stretch.To.Hash,
        Detail = string.Create(
            CultureInfo.InvariantCulture,
            $"Retention takes away records {stretch.From.Sequence + 1} to {stretch.To.Sequence}, all older than {before.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}."),
    };

    /// <summary>The first record that is not older. Times can go back where a clock was set: the order of the chain counts, not that of the index.</summary>
    private static long FirstSince(SqliteConnection connection, DateTimeOffset before)
    {
        using var command = new SqliteCommand("SELECT sequence FROM audit WHERE +time >= $before ORDER BY sequence LIMIT 1", connection);
        command.Parameters.AddWithValue("$before", before.UtcTicks);
        return command.ExecuteScalar() is long sequence ? sequence : long.MaxValue;
    }

    private static long FirstOf(SqliteConnection connection, IReadOnlyCollection<string> requests)
    {
        using var command = new SqliteCommand("SELECT min(sequence) FROM audit WHERE request_id = $request", connection);
        var request = command.Parameters.Add("$request", SqliteType.Text);
        var first = long.MaxValue;
        foreach (var id in requests)
        {
            request.Value = id;
            if (command.ExecuteScalar() is long sequence)
                first = Math.Min(first, sequence);
        }
        return first;
    }
}
