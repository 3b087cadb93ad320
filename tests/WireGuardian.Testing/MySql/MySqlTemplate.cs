using WireGuardian.Testing.Processes;

namespace WireGuardian.Testing.MySql;

/// <summary>A freshly initialised data directory per server, made once and copied for each: making one takes seconds, a copy does not.</summary>
internal static class MySqlTemplate
{
    public static async Task CopyAsync(MySqlBinaries binaries, string target)
    {
        var template = await EnsureAsync(binaries);
        (await ProcessRunner.RunAsync("cp", ["-a", "--reflink=auto", "--sparse=always", template, target])).EnsureSuccess();
    }

    private static async Task<string> EnsureAsync(MySqlBinaries binaries)
    {
        var template = Path.Combine(ServerFolders.Shared, $"template-{binaries.Flavour}-{binaries.Stamp}");
        using (await FileLock.AcquireAsync(template + ".lock"))
        {
            if (!Directory.Exists(template))
                await InitialiseAsync(binaries, template);
        }

        return template;
    }

    private static async Task InitialiseAsync(MySqlBinaries binaries, string template)
    {
        var partial = template + ".partial";
        if (Directory.Exists(partial))
            Directory.Delete(partial, recursive: true);
        Directory.CreateDirectory(partial);
        await ServerFolders.GiveToServerAsync(partial);
        var command = binaries.InitialiseCommand(Path.Combine(partial, "data"));
        (await UnixUser.RunAsAsync(UnixUser.ForServers, command[0], [.. command.Skip(1)])).EnsureSuccess();
        Directory.Move(partial, template);
    }
}
