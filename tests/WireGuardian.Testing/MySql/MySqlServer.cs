using WireGuardian.Testing.Processes;
using WireGuardian.Testing.Tls;

namespace WireGuardian.Testing.MySql;

/// <summary>
/// A real MariaDB or MySQL server of its own for a test: a copied data directory, a random port on loopback, nothing synced to disk. It ends with
/// <see cref="DisposeAsync"/>, and with the test host if that is killed.
/// </summary>
public sealed class MySqlServer : IAsyncDisposable
{
    public const string Host = "127.0.0.1";

    private const int PortAttempts = 5;

    private readonly string _folder;
    private readonly MySqlBinaries _binaries;
    private readonly MySqlServerOptions _options;
    private BackgroundProcess? _process;
    private int _databases;

    private MySqlServer(MySqlBinaries binaries, MySqlServerOptions options)
    {
        _binaries = binaries;
        _options = options;
        _folder = ServerFolders.New();
    }

    public MySqlFlavour Flavour => _binaries.Flavour;

    public int Port { get; private set; }

    /// <summary><c>127.0.0.1:port</c>, as configuration files want it.</summary>
    public string Endpoint => $"{Host}:{Port}";

    public string DataDirectory => Path.Combine(_folder, "data");

    /// <summary>The certificates that it was started with; null where it does no TLS.</summary>
    public Certificates? Certificates => _options.Certificates;

    public int ProcessId => _process?.Id ?? throw new InvalidOperationException("the server is not running");

    /// <summary>What the server has logged since its last start.</summary>
    public string Log => _process?.Error ?? string.Empty;

    /// <summary>Skips the test, with the reason, where the server cannot be had.</summary>
    public static async Task<MySqlServer> StartAsync(MySqlFlavour flavour, MySqlServerOptions? options = null)
    {
        var server = new MySqlServer(await MySqlBinaries.FindAsync(flavour), options ?? new MySqlServerOptions());
        try
        {
            await server.PrepareAsync();
            await server.StartOnFreePortAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>A client that has logged in, in clear; as root unless told.</summary>
    public Task<MySqlWireClient> OpenAsync(string database = "", MySqlAccount? account = null) =>
        MySqlWireClient.LogInAsync(Port, account ?? MySqlAccounts.Root, database);

    /// <summary>Runs statements as root, one a string.</summary>
    public async Task ExecuteAsync(string database, params string[] statements)
    {
        await using var client = await OpenAsync(database);
        foreach (var statement in statements)
            await client.RowsAsync(statement);
    }

    /// <summary>The first value of the first row, as root sees it; null for NULL and for no row.</summary>
    public async Task<string?> ScalarAsync(string sql, string database = "")
    {
        await using var client = await OpenAsync(database);
        return await client.RowsAsync(sql) is [[var value, ..], ..] ? value : null;
    }

    /// <summary>Runs this server's own command line against a port with <paramref name="sql"/> on its standard input; output is tab-separated, rows only.</summary>
    /// <param name="port">The server's or a proxy's.</param>
    /// <param name="sql">Any number of statements.</param>
    /// <param name="account">Whose login.</param>
    /// <param name="database">The default database; empty for none.</param>
    /// <param name="arguments">More arguments, such as <c>--ssl-ca=…</c>.</param>
    public Task<ProcessResult> CommandLineAsync(int port, string sql, MySqlAccount account, string database = "", params string[] arguments) =>
        RunClientAsync(Flavour == MySqlFlavour.MariaDb ? "mariadb" : "mysql", port, account, [.. arguments, "--batch", "--skip-column-names", .. database.Length > 0 ? [database] : Array.Empty<string>()], sql);

    /// <summary>Runs another of this server's client programs, for example mysqldump.</summary>
    public Task<ProcessResult> RunClientAsync(string program, int port, MySqlAccount account, IEnumerable<string> arguments, string? input = null)
    {
        var command = _binaries.ClientCommand(program);
        return ProcessRunner.RunAsync(
            command[0],
            [.. command.Skip(1), "--no-defaults", $"--host={Host}", "--protocol=tcp", $"--port={port}", $"--user={account.User}", .. arguments],
            input,
            new Dictionary<string, string?> { ["MYSQL_PWD"] = account.Password });
    }

    /// <summary>A database of the test's own, dropped when it is disposed.</summary>
    public async Task<MySqlDatabase> CreateDatabaseAsync(params string[] statements)
    {
        var name = $"test_{Interlocked.Increment(ref _databases)}";
        await ExecuteAsync("", $"CREATE DATABASE {name} CHARACTER SET utf8mb4");
        await ExecuteAsync(name, statements);
        return new MySqlDatabase(this, name);
    }

    /// <summary>Ends the server at once, as a crash would; <see cref="StartAgainAsync"/> brings it back on the same port.</summary>
    public async Task StopAsync(Signal signal = Signal.Kill)
    {
        if (_process is { } process)
        {
            _process = null;
            await process.StopAsync(signal);
            await process.DisposeAsync();
        }
    }

    public Task StartAgainAsync() => StartOnAsync(Port, []);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        ServerFolders.Delete(_folder);
    }

    /// <summary>For the exit of the process, where nothing can be awaited.</summary>
    internal void DisposeAtExit()
    {
        _process?.Send(Signal.Kill);
        ServerFolders.Delete(_folder);
    }

    private async Task PrepareAsync()
    {
        await MySqlTemplate.CopyAsync(_binaries, _folder);
        string[] statements = [.. MySqlAccounts.Preparation(Flavour), .. _options.Sql];
        await File.WriteAllLinesAsync(Path.Combine(_folder, "first.sql"), statements.Select(statement => statement + ";"));
        if (_options.Certificates is { } certificates)
        {
            File.Copy(certificates.Server.CertificatePath, Path.Combine(_folder, "server.crt"));
            File.Copy(certificates.Server.KeyPath, Path.Combine(_folder, "server.key"));
            File.Copy(certificates.AuthorityPath, Path.Combine(_folder, "ca.crt"));
        }
        await ServerFolders.GiveToServerAsync(_folder);
    }

    /// <summary>Between the choice of a free port and the server's bind somebody else may take it: then another is tried.</summary>
    private async Task StartOnFreePortAsync()
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await StartOnAsync(FreePort.Next(), [$"--init-file={Path.Combine(_folder, "first.sql")}"]);
                return;
            }
            catch (InvalidOperationException exception)
                when (attempt < PortAttempts && exception.Message.Contains("Address already in use", StringComparison.Ordinal))
            {
                await StopAsync();
            }
        }
    }

    private async Task StartOnAsync(int port, IEnumerable<string> first)
    {
        Port = port;
        string[] arguments = [.. _binaries.ServerCommand.Skip(1), .. Settings(port), .. first, .. _options.Arguments];
        _process = BackgroundProcess.Start(
            _binaries.ServerCommand[0], arguments, new Dictionary<string, string?> { ["LC_ALL"] = null, ["LANG"] = null }, "/tmp", UnixUser.ForServers);
        // MySQL says it for its X plugin first, which is off, and for its start as a whole last.
        await _process.WaitForErrorAsync(line => line.Contains("ready for connections", StringComparison.Ordinal));
    }

    private IEnumerable<string> Settings(int port)
    {
        string[] common =
        [
            $"--datadir={DataDirectory}", $"--port={port}", $"--bind-address={Host}", $"--socket={Path.Combine(_folder, "socket")}",
            $"--pid-file={Path.Combine(_folder, "pid")}", "--skip-name-resolve", "--max-connections=300", "--innodb-buffer-pool-size=32M",
            "--innodb-flush-log-at-trx-commit=0", "--local-infile=1", "--max-allowed-packet=128M", $"--tmpdir={_folder}",
            $"--secure-file-priv={_folder}",
        ];
        string[] own = Flavour == MySqlFlavour.MariaDb
            // Without the second mode some collations have no id, which MySql.Data 8.0.16 cannot read, with a proxy or without.
            ? ["--innodb-flush-method=nosync", "--character-set-server=utf8mb4", "--old-mode=UTF8_IS_UTF8MB3,NO_NULL_COLLATION_IDS"]
            : ["--mysqlx=OFF", "--skip-log-bin", "--innodb-redo-log-capacity=32M", .. _options.Certificates is null ? ["--tls-version="] : Array.Empty<string>()];
        string[] tls = _options.Certificates is null
            ? []
            : [$"--ssl-ca={Path.Combine(_folder, "ca.crt")}", $"--ssl-cert={Path.Combine(_folder, "server.crt")}", $"--ssl-key={Path.Combine(_folder, "server.key")}"];
        return [.. common, .. own, .. tls];
    }
}
