using Microsoft.Data.Sqlite;

namespace WireGuardian.Storage;

/// <summary>Opens the SQLite files: WAL, synchronous=FULL, mode 0600, and a schema version in <c>user_version</c>.</summary>
internal static class SqliteDatabase
{
    /// <summary>
    /// Opens a file for writing; a new one gets <paramref name="schema"/>, an older one each of the <paramref name="upgrades"/> from its version on. Throws
    /// <see cref="StorageException"/> for a file of a newer program, one that is not such a store, and one that cannot be opened.
    /// </summary>
    public static SqliteConnection Open(
        string path, int version, string schema, TimeSpan lockTimeout, IReadOnlyDictionary<int, string>? upgrades = null)
    {
        SqliteConnection? connection = null;
        try
        {
            // SQLite itself would create the file by the umask; its -wal and -shm files get the mode of the file.
            DataDirectory.Open(path, FileShare.ReadWrite).Dispose();
            connection = Connect(path, SqliteOpenMode.ReadWrite, lockTimeout);
            Execute(connection, "PRAGMA journal_mode = WAL");
            Execute(connection, "PRAGMA synchronous = FULL");
            Prepare(connection, path, version, schema, upgrades);
            return connection;
        }
        catch (Exception exception) when (exception is SqliteException or IOException or UnauthorizedAccessException)
        {
            connection?.Dispose();
            throw new StorageException($"The store {path} cannot be opened: {exception.Message}", exception);
        }
        catch
        {
            connection?.Dispose();
            throw;
        }
    }

    /// <summary>Opens an existing file for reading only.</summary>
    public static SqliteConnection OpenToRead(string path, TimeSpan lockTimeout) => Connect(path, SqliteOpenMode.ReadOnly, lockTimeout);

    public static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static SqliteConnection Connect(string path, SqliteOpenMode mode, TimeSpan lockTimeout)
    {
        var text = new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = mode,
            // A pooled connection would keep the file open after its owner has let go.
            Pooling = false,
            DefaultTimeout = Math.Max(1, (int)lockTimeout.TotalSeconds),
        };
        var connection = new SqliteConnection(text.ToString());
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static void Prepare(SqliteConnection connection, string path, int version, string schema, IReadOnlyDictionary<int, string>? upgrades)
    {
        using var transaction = connection.BeginTransaction(deferred: false);
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "PRAGMA user_version";
        var found = Convert.ToInt64(command.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture);
        if (found > version)
            throw new StorageException($"The store {path} has schema version {found}; this program knows {version}. Use the newer program.");
        if (found < version)
        {
            var script = found == 0 ? [schema] : Enumerable.Range((int)found, version - (int)found).Select(from => upgrades![from]);
            // Schemas are constants of this program.
#pragma warning disable CA2100
            command.CommandText = $"{string.Join(';', script)}; PRAGMA user_version = {version}";
#pragma warning restore CA2100
            command.ExecuteNonQuery();
        }
        transaction.Commit();
    }
}
