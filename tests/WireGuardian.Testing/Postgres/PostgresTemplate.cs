using WireGuardian.Testing.Processes;

namespace WireGuardian.Testing.Postgres;

/// <summary>A freshly initialised data directory per version, made once and copied for each server: initdb takes seconds, a copy does not.</summary>
internal static class PostgresTemplate
{
    public static async Task CopyAsync(PostgresBinaries binaries, string target)
    {
        var template = await EnsureAsync(binaries);
        (await ProcessRunner.RunAsync("cp", ["-a", "--reflink=auto", template, target])).EnsureSuccess();
    }

    private static async Task<string> EnsureAsync(PostgresBinaries binaries)
    {
        // A server build of another minor version may not like this one's catalog: the programs' date is part of the name.
        var stamp = new DateTimeOffset(File.GetLastWriteTimeUtc(binaries.Postgres)).ToUnixTimeSeconds();
        var template = Path.Combine(ServerFolders.Shared, $"template-{(int)binaries.Version}-{stamp}");
        using (await FileLock.AcquireAsync(template + ".lock"))
        {
            if (!Directory.Exists(template))
                await InitialiseAsync(binaries, template);
        }

        return template;
    }

    private static async Task InitialiseAsync(PostgresBinaries binaries, string template)
    {
        var partial = template + ".partial";
        if (Directory.Exists(partial))
            Directory.Delete(partial, recursive: true);
        var data = Path.Combine(partial, "data");
        Directory.CreateDirectory(data, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var password = Path.Combine(partial, "password");
        await File.WriteAllTextAsync(password, PostgresServer.SuperuserPassword);
        await ServerFolders.GiveToServerAsync(partial);
        var result = await UnixUser.RunAsAsync(
            UnixUser.ForServers,
            binaries.Initdb,
            "--pgdata", data, "--username", PostgresServer.Superuser, "--pwfile", password, "--auth-host=scram-sha-256", "--auth-local=trust",
            "--encoding=UTF8", "--locale=C.UTF-8", "--lc-messages=C", "--wal-segsize=1", "--no-sync");
        result.EnsureSuccess();
        File.Delete(password);
        Directory.Move(partial, template);
    }
}
