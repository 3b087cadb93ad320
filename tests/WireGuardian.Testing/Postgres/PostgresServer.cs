using System.Text;
using Npgsql;
using WireGuardian.Testing.Processes;
using WireGuardian.Testing.Tls;

namespace WireGuardian.Testing.Postgres;

/// <summary>
/// A real PostgreSQL server of its own for a test: a copied data directory, a random port on loopback, nothing synced to disk. It ends
/// with <see cref="DisposeAsync"/>, and with the test host if that is killed.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    public const string Host = "127.0.0.1";
    public const string Superuser = "postgres";
    public const string SuperuserPassword = "super-secret";

    private const int PortAttempts = 5;

    private readonly string _folder;
    private readonly PostgresServerOptions _options;
    private readonly PostgresBinaries _binaries;
    private BackgroundProcess? _process;
    private int _databases;

    private PostgresServer(PostgresBinaries binaries, PostgresServerOptions options)
    {
        _binaries = binaries;
        _options = options;
        _folder = ServerFolders.New();
    }

    public PostgresVersion Version => _binaries.Version;

    public int Port { get; private set; }

    /// <summary><c>127.0.0.1:port</c>, as configuration files want it.</summary>
    public string Endpoint => $"{Host}:{Port}";

    public string DataDirectory => Path.Combine(_folder, "data");

    /// <summary>The postmaster's process id.</summary>
    public int ProcessId => _process?.Id ?? throw new InvalidOperationException("the server is not running");

    /// <summary>What the server has logged since its last start.</summary>
    public string Log => _process?.Error ?? string.Empty;

    public static async Task<PostgresServer> StartAsync(PostgresVersion version, PostgresServerOptions? options = null)
    {
        var server = new PostgresServer(await PostgresBinaries.FindAsync(version), options ?? new PostgresServerOptions());
        try
        {
            await server.PrepareAsync();
            await server.StartOnFreePortAsync();
            if (server._options.Sql is { } sql)
                (await server.PsqlAsync(sql)).EnsureSuccess();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Npgsql's form; without pooling, so that a test's connections are its own.</summary>
    public string ConnectionString(string database = "postgres", string user = Superuser, string password = SuperuserPassword) =>
        new NpgsqlConnectionStringBuilder
        {
            Host = Host,
            Port = Port,
            Database = database,
            Username = user,
            Password = password,
            Pooling = false,
            SslMode = _options.Certificates is null ? SslMode.Disable : SslMode.Require,
        }.ConnectionString;

    /// <summary>libpq's form.</summary>
    public Uri Uri(string database = "postgres", string user = Superuser, string password = SuperuserPassword) =>
        new($"postgresql://{user}:{password}@{Endpoint}/{database}");

    public async Task<NpgsqlConnection> OpenAsync(string database = "postgres", string user = Superuser, string password = SuperuserPassword)
    {
        var connection = new NpgsqlConnection(ConnectionString(database, user, password));
        await connection.OpenAsync();
        return connection;
    }

    /// <summary>Runs statements as the superuser; several may stand in one string.</summary>
    public async Task ExecuteAsync(string sql, string database = "postgres")
    {
        await using var connection = await OpenAsync(database);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>The first value of the first row, as the superuser sees it; null for NULL and for no row.</summary>
    public async Task<object?> ScalarAsync(string sql, string database = "postgres")
    {
        await using var connection = await OpenAsync(database);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync() is { } value and not DBNull ? value : null;
    }

    /// <summary>Runs psql against this server with <paramref name="sql"/> on its standard input; output is unaligned, tuples only.</summary>
    public Task<ProcessResult> PsqlAsync(string sql, string database = "postgres", string user = Superuser, string password = SuperuserPassword) =>
        Psql.RunAsync(new PsqlTarget(Host, Port, database, user, password), sql);

    /// <summary>A database of the test's own, dropped with everybody in it when it is disposed.</summary>
    public async Task<PostgresDatabase> CreateDatabaseAsync(string? sql = null)
    {
        var name = $"test_{Interlocked.Increment(ref _databases)}";
        await ExecuteAsync($"CREATE DATABASE {name}");
        var database = new PostgresDatabase(this, name);
        if (sql is not null)
            (await database.PsqlAsync(sql)).EnsureSuccess();
        return database;
    }

    /// <summary>Ends the server at once, as a crash would; <see cref="StartAgainAsync"/> brings it back on the same port.</summary>
    public async Task StopAsync(Signal signal = Signal.Quit)
    {
        if (_process is { } process)
        {
            _process = null;
            await process.StopAsync(signal);
            await process.DisposeAsync();
        }
    }

    public Task StartAgainAsync() => StartOnAsync(Port);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        ServerFolders.Delete(_folder);
    }

    /// <summary>For the exit of the process, where nothing can be awaited: the postmaster gets the same signal from the kernel anyway.</summary>
    internal void DisposeAtExit()
    {
        _process?.Send(Signal.Quit);
        ServerFolders.Delete(_folder);
    }

    private async Task PrepareAsync()
    {
        await PostgresTemplate.CopyAsync(_binaries, _folder);
        await File.WriteAllLinesAsync(
            Path.Combine(DataDirectory, "pg_hba.conf"),
            _options.HostBasedAuthentication
                ?? ["host all all 127.0.0.1/32 scram-sha-256", "host replication all 127.0.0.1/32 scram-sha-256"]);
        await File.WriteAllTextAsync(Path.Combine(DataDirectory, "postgresql.auto.conf"), Settings());
        if (_options.Certificates is { } certificates)
            WriteCertificates(_options.ServerCertificate ?? certificates.Server);
        await ServerFolders.GiveToServerAsync(DataDirectory);
    }

    private void WriteCertificates(CertificateFiles server)
    {
        File.Copy(server.CertificatePath, Path.Combine(DataDirectory, "server.crt"));
        var key = Path.Combine(DataDirectory, "server.key");
        File.Copy(server.KeyPath, key);
        File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.Copy(_options.Certificates!.AuthorityPath, Path.Combine(DataDirectory, "root.crt"));
    }

    private string Settings()
    {
        var settings = new Dictionary<string, string>
        {
            ["listen_addresses"] = Host,
            ["unix_socket_directories"] = string.Empty,
            ["max_connections"] = "200",
            ["shared_buffers"] = "32MB",
            ["fsync"] = "off",
            ["synchronous_commit"] = "off",
            ["full_page_writes"] = "off",
            ["autovacuum"] = "off",
            ["max_wal_size"] = "256MB",
            ["lc_messages"] = "C",
            ["timezone"] = "UTC",
            ["log_timezone"] = "UTC",
            ["logging_collector"] = "off",
        };
        if (_options.Certificates is not null)
        {
            settings["ssl"] = "on";
            settings["ssl_ca_file"] = "root.crt";
        }

        foreach (var (name, value) in _options.Settings)
            settings[name] = value;
        return settings.Aggregate(
            new StringBuilder(),
            (text, setting) => text.Append($"{setting.Key} = '{setting.Value.Replace("'", "''", StringComparison.Ordinal)}'\n")).ToString();
    }

    /// <summary>Between the choice of a free port and the server's bind somebody else may take it: then another is tried.</summary>
    private async Task StartOnFreePortAsync()
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await StartOnAsync(FreePort.Next());
                return;
            }
            catch (InvalidOperationException exception)
                when (attempt < PortAttempts && exception.Message.Contains("could not create any TCP/IP sockets", StringComparison.Ordinal))
            {
                await StopAsync();
            }
        }
    }

    private async Task StartOnAsync(int port)
    {
        Port = port;
        _process = BackgroundProcess.Start(
            _binaries.Postgres,
            ["-D", DataDirectory, "-p", $"{port}"],
            new Dictionary<string, string?> { ["LC_ALL"] = null, ["LANG"] = null, ["PGDATA"] = null, ["TZ"] = null },
            "/tmp",
            UnixUser.ForServers,
            Signal.Quit);
        await _process.WaitForErrorAsync(line => line.Contains("database system is ready to accept connections", StringComparison.Ordinal));
    }
}
