using System.Text.Json;
using Microsoft.Data.Sqlite;
using WireGuardian.Core.Labels;

namespace WireGuardian.Storage.Labels;

/// <summary>The labels and bindings in a data directory, for a program beside the server: read once, never written.</summary>
public sealed class LabelReading(string dataDirectory) : ILabelStore
{
    /// <inheritdoc/>
    public IReadOnlyList<ColumnLabel> All() => Read(SqliteLabelStore.Read);

    /// <inheritdoc/>
    public IReadOnlyList<ColumnBinding> Bindings() => Read(command => HasBindings(command) ? SqliteLabelStore.ReadBindings(command) : []);

    private List<T> Read<T>(Func<SqliteCommand, List<T>> read)
    {
        var path = Path.Combine(dataDirectory, SqliteLabelStore.FileName);
        if (!File.Exists(path))
            return [];
        try
        {
            using var connection = SqliteDatabase.OpenToRead(path, SqliteLabelStore.LockTimeout);
            using var command = connection.CreateCommand();
            return read(command);
        }
        catch (Exception exception) when (exception is SqliteException or JsonException)
        {
            throw new LabelStoreException($"The store {path} cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>A store that no server of this version has opened yet has none.</summary>
    private static bool HasBindings(SqliteCommand command)
    {
        command.CommandText = "SELECT count(*) FROM sqlite_schema WHERE name = 'binding'";
        return command.ExecuteScalar() is 1L;
    }

    /// <inheritdoc/>
    public void Change(IReadOnlyList<string> removed, IReadOnlyList<ColumnLabel> saved) => throw new LabelStoreException("The store of labels is open for reading only.");

    /// <summary>Does nothing: what such a program sees bound the server binds itself.</summary>
    public void ChangeBindings(IReadOnlyList<string> removed, IReadOnlyList<ColumnBinding> saved)
    {
    }
}
