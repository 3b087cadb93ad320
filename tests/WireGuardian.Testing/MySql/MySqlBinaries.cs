using WireGuardian.Testing.Processes;
using WireGuardian.Testing.Programs;

namespace WireGuardian.Testing.MySql;

/// <summary>
/// The programs of one server: MariaDB's are Debian's, MySQL's stand in <c>.work/mysql-9.7</c> with a loader and libraries of their own.
/// </summary>
/// <param name="Flavour">Whose they are.</param>
/// <param name="Root">The folder that MySQL's packages were unpacked into; <c>/</c> for MariaDB.</param>
public sealed record MySqlBinaries(MySqlFlavour Flavour, string Root)
{
    private const string Version = "9.7";

    private static readonly Lazy<Task<MySqlBinaries>> MySql = new(FindMySqlAsync);

    /// <summary>Skips the test, with the reason, where MySQL cannot be had.</summary>
    public static Task<MySqlBinaries> FindAsync(MySqlFlavour flavour) =>
        flavour == MySqlFlavour.MySql ? MySql.Value : Task.FromResult(FindDebian());

    /// <summary>Changes with the programs: part of the name of what is made with them.</summary>
    public long Stamp => new DateTimeOffset(File.GetLastWriteTimeUtc(Server)).ToUnixTimeSeconds();

    private string Server => Flavour == MySqlFlavour.MariaDb ? "/usr/sbin/mariadbd" : Path.Combine(Root, "usr/sbin/mysqld");

    private string Libraries => Path.Combine(Root, "usr/lib/x86_64-linux-gnu");

    /// <summary>How to call the server: the program, and the arguments that come first.</summary>
    public IReadOnlyList<string> ServerCommand => Flavour == MySqlFlavour.MariaDb
        ? [Server, "--no-defaults", "--plugin-load-add=auth_ed25519"]
        : [.. Loaded(Server), "--no-defaults", $"--basedir={Path.Combine(Root, "usr")}",
            $"--plugin-dir={Path.Combine(Root, "usr/lib/mysql/plugin")}", $"--lc-messages-dir={Path.Combine(Root, "usr/share/mysql")}",
            $"--character-sets-dir={Path.Combine(Root, "usr/share/mysql/charsets")}"];

    /// <summary>How to call a client program: <c>mariadb</c> or <c>mysql</c>, <c>mysqldump</c>.</summary>
    public IReadOnlyList<string> ClientCommand(string name) => Flavour == MySqlFlavour.MariaDb
        ? [Path.Combine("/usr/bin", name)]
        : Loaded(Path.Combine(Root, "usr/bin", name));

    /// <summary>How to make a data directory.</summary>
    public IReadOnlyList<string> InitialiseCommand(string data) => Flavour == MySqlFlavour.MariaDb
        ? ["/usr/bin/mariadb-install-db", "--no-defaults", $"--datadir={data}", "--auth-root-authentication-method=normal", "--skip-test-db"]
        : [.. ServerCommand, "--initialize-insecure", $"--datadir={data}"];

    private string[] Loaded(string program) => [Path.Combine(Root, "usr/lib64/ld-linux-x86-64.so.2"), "--library-path", Libraries, program];

    private static MySqlBinaries FindDebian() =>
        File.Exists("/usr/sbin/mariadbd")
            ? new MySqlBinaries(MySqlFlavour.MariaDb, "/")
            : throw new InvalidOperationException("no /usr/sbin/mariadbd: install mariadb-server, or run ./test once as root");

    private static async Task<MySqlBinaries> FindMySqlAsync()
    {
        var home = Path.Combine(Repository.WorkFolder, $"mysql-{Version}");
        if (!File.Exists(Path.Combine(home, "version")))
        {
            var install = await ProcessRunner.RunAsync(
                "bash", ["-c", ". tests/mysql-server.sh; install_mysql"], workingDirectory: Repository.Root, timeout: TimeSpan.FromMinutes(5));
            if (install.ExitCode != 0)
                Assert.Ignore(File.Exists(home + ".problem") ? await File.ReadAllTextAsync(home + ".problem") : $"MySQL {Version} cannot be had");
        }
        return new MySqlBinaries(MySqlFlavour.MySql, await ReadableByServersAsync(Path.Combine(home, "root")));
    }

    /// <summary>A clone under /root cannot be read by the server's user: then the programs are copied to where it can.</summary>
    private static async Task<string> ReadableByServersAsync(string root)
    {
        if (UnixUser.ForServers is not { } user
            || (await UnixUser.RunAsAsync(user, "test", "-x", Path.Combine(root, "usr/sbin/mysqld"))).ExitCode == 0)
            return root;

        var copy = Path.Combine(ServerFolders.Shared, $"mysql-{Version}");
        using (await FileLock.AcquireAsync(copy + ".lock"))
        {
            if (!Directory.Exists(copy))
            {
                (await ProcessRunner.RunAsync("cp", ["-a", root, copy + ".partial"])).EnsureSuccess();
                (await ProcessRunner.RunAsync("chmod", ["-R", "a+rX", copy + ".partial"])).EnsureSuccess();
                Directory.Move(copy + ".partial", copy);
            }
        }

        return copy;
    }
}
