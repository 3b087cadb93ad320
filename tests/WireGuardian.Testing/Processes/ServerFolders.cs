namespace WireGuardian.Testing.Processes;

/// <summary>
/// Folders of test servers. They are under /tmp, where the server's unprivileged user can reach them. A server's own folder has the test
/// host's process id in its name: those of hosts that are gone are deleted by whoever comes next.
/// </summary>
internal static class ServerFolders
{
    private static readonly string Base = $"/tmp/wireguardian-tests-{Environment.UserName}";
    private static int _count;

    static ServerFolders()
    {
        foreach (var folder in Directory.CreateDirectory(Base).EnumerateDirectories("server-*"))
        {
            if (int.TryParse(folder.Name.Split('-')[1], out var owner) && !Directory.Exists($"/proc/{owner}"))
                Delete(folder.FullName);
        }
    }

    /// <summary>What all test runs on this machine share: templates, and copies of programs.</summary>
    public static string Shared => Base;

    public static string New() => Path.Combine(Base, $"server-{Environment.ProcessId}-{Interlocked.Increment(ref _count)}");

    public static async Task GiveToServerAsync(string folder)
    {
        if (UnixUser.ForServers is { } user)
            (await ProcessRunner.RunAsync("chown", ["-R", $"{user.Id}:{user.GroupId}", folder])).EnsureSuccess();
    }

    public static void Delete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // Another test run has swept it away at the same moment.
        }
        catch (IOException)
        {
            // A backend that is just ending wrote into it: the next run's sweep takes it.
        }
    }
}
