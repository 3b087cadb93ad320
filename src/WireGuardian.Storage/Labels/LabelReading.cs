using System.Text.Json;
using Microsoft.Data.Sqlite;
using WireGuardian.Core.Labels;

namespace WireGuardian.Storage.Labels;

/// <summary>The labels in a data directory, for a program beside the server: read once, never written.</summary>
public sealed class LabelReading(string dataDirectory) : ILabelStore
{
    /// <inheritdoc/>
    public IReadOnlyList<ColumnLabel> All()
    {
        var path = Path.Combine(dataDirectory, SqliteLabelStore.FileName);
        if (!File.Exists(path))
            return [];
        try
        {
            using var connection = SqliteDatabase.OpenToRead(path, SqliteLabelStore.LockTimeout);
            using var command = connection.CreateCommand();
            return SqliteLabelStore.Read(command);
        }
        catch (Exception exception) when (exception is SqliteException or JsonException)
        {
            throw new LabelStoreException($"The store {path} cannot be read: {exception.Message}", exception);
        }
    }

    /// <inheritdoc/>
    public void Change(IReadOnlyList<string> removed, IReadOnlyList<ColumnLabel> saved) => throw new LabelStoreException("The store of labels is open for reading only.");
}
