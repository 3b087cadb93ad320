using System.Text.Json;
using Microsoft.Data.Sqlite;
using WireGuardian.Core.Labels;

namespace WireGuardian.Storage.Labels;

/// <summary>Labels, and the columns that rules are bound to, in <c>labels.db</c> of the data directory.</summary>
public sealed class SqliteLabelStore : ILabelStore, IDisposable
{
    private const int Version = 2;
    internal const string FileName = "labels.db";

    private const string Labels = """
        CREATE TABLE label (
            id TEXT PRIMARY KEY,
            since INTEGER NOT NULL,
            json TEXT NOT NULL
        ) STRICT;
        """;

    private const string ColumnBindings = """
        CREATE TABLE binding (
            id TEXT PRIMARY KEY,
            json TEXT NOT NULL
        ) STRICT;
        """;

    /// <summary>From version 1, which had labels alone.</summary>
    private static readonly Dictionary<int, string> Upgrades = new() { [1] = ColumnBindings };

    internal static readonly TimeSpan LockTimeout = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly SqliteConnection _connection;

    private SqliteLabelStore(SqliteConnection connection) => _connection = connection;

    /// <summary>Opens the store, or makes one. Throws <see cref="StorageException"/> when it cannot be used, or a newer program wrote it.</summary>
    public static SqliteLabelStore Open(string dataDirectory) =>
        new(SqliteDatabase.Open(Path.Combine(DataDirectory.Ensure(dataDirectory), FileName), Version, Labels + ColumnBindings, LockTimeout, Upgrades));

    /// <inheritdoc/>
    public IReadOnlyList<ColumnLabel> All() => Use(() =>
    {
        using var command = _connection.CreateCommand();
        return Read(command);
    });

    /// <inheritdoc/>
    public void Change(IReadOnlyList<string> removed, IReadOnlyList<ColumnLabel> saved) => Use(() =>
    {
        using var transaction = _connection.BeginTransaction(deferred: false);
        foreach (var id in removed)
            Execute(transaction, "DELETE FROM label WHERE id = $id", ("$id", id));
        foreach (var label in saved)
        {
            Execute(
                transaction,
                "INSERT INTO label (id, since, json) VALUES ($id, $since, $json) ON CONFLICT (id) DO UPDATE SET since = excluded.since, json = excluded.json",
                ("$id", label.Id), ("$since", label.Since.UtcTicks), ("$json", JsonSerializer.Serialize(label, LabelJson.Default.ColumnLabel)));
        }
        transaction.Commit();
        return true;
    });

    /// <inheritdoc/>
    public IReadOnlyList<ColumnBinding> Bindings() => Use(() =>
    {
        using var command = _connection.CreateCommand();
        return ReadBindings(command);
    });

    /// <inheritdoc/>
    public void ChangeBindings(IReadOnlyList<string> removed, IReadOnlyList<ColumnBinding> saved) => Use(() =>
    {
        using var transaction = _connection.BeginTransaction(deferred: false);
        foreach (var id in removed)
            Execute(transaction, "DELETE FROM binding WHERE id = $id", ("$id", id));
        foreach (var binding in saved)
        {
            Execute(
                transaction, "INSERT INTO binding (id, json) VALUES ($id, $json) ON CONFLICT (id) DO UPDATE SET json = excluded.json",
                ("$id", binding.Id), ("$json", JsonSerializer.Serialize(binding, LabelJson.Default.ColumnBinding)));
        }
        transaction.Commit();
        return true;
    });

    public void Dispose()
    {
        lock (_lock)
            _connection.Dispose();
    }

    internal static List<ColumnLabel> Read(SqliteCommand command)
    {
        command.CommandText = "SELECT json FROM label ORDER BY since, id";
        var labels = new List<ColumnLabel>();
        using var reader = command.ExecuteReader();
        while (reader.Read())
            labels.Add(JsonSerializer.Deserialize(reader.GetString(0), LabelJson.Default.ColumnLabel)!);
        return labels;
    }

    internal static List<ColumnBinding> ReadBindings(SqliteCommand command)
    {
        command.CommandText = "SELECT json FROM binding";
        var bindings = new List<ColumnBinding>();
        using var reader = command.ExecuteReader();
        while (reader.Read())
            bindings.Add(JsonSerializer.Deserialize(reader.GetString(0), LabelJson.Default.ColumnBinding)!);
        return bindings;
    }

    private void Execute(SqliteTransaction transaction, string sql, params (string Name, object Value)[] parameters)
    {
        using var command = _connection.CreateCommand();
        (command.Transaction, command.CommandText) = (transaction, sql);
        foreach (var (name, value) in parameters)
            command.Parameters.AddWithValue(name, value);
        command.ExecuteNonQuery();
    }

    private T Use<T>(Func<T> use)
    {
        lock (_lock)
        {
            try
            {
                return use();
            }
            catch (Exception exception) when (exception is SqliteException or JsonException or InvalidOperationException)
            {
                throw new LabelStoreException("The store of labels cannot be used.", exception);
            }
        }
    }
}
