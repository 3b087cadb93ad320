namespace WireGuardian.Testing.Processes;

/// <summary>An unprivileged user for servers that refuse to run as root.</summary>
public sealed record UnixUser(string Name, int Id, int GroupId)
{
    /// <summary>The user that servers run as: null where this process is unprivileged already.</summary>
    public static UnixUser? ForServers { get; } = Environment.IsPrivilegedProcess
        ? Find("postgres") ?? Find("nobody") ?? throw new InvalidOperationException("neither a user postgres nor nobody exists")
        : null;

    internal string[] SetprivArguments => ["--reuid", $"{Id}", "--regid", $"{GroupId}", "--clear-groups"];

    public static UnixUser? Find(string name) =>
        File.ReadLines("/etc/passwd")
            .Select(line => line.Split(':'))
            .Where(fields => fields.Length > 3 && fields[0] == name)
            .Select(fields => new UnixUser(name, int.Parse(fields[2]), int.Parse(fields[3])))
            .FirstOrDefault();

    /// <summary>Runs a program to its end as <paramref name="user"/>, or as this process's own user where that is null.</summary>
    public static Task<ProcessResult> RunAsAsync(UnixUser? user, string file, params string[] arguments) =>
        user is null
            ? ProcessRunner.RunAsync(file, arguments, workingDirectory: "/tmp")
            : ProcessRunner.RunAsync("setpriv", [.. user.SetprivArguments, "--", file, .. arguments], workingDirectory: "/tmp");
}
