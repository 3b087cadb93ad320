using WireGuardian.Server.Commands;
using WireGuardian.Server.Composition;

namespace WireGuardian.Server;

/// <summary>The program <c>wireguardian</c>.</summary>
public static class Program
{
    public static Task<int> Main(string[] arguments)
    {
        // Where the relay has no poll loop of its own: a completion then runs on the thread that polls instead of being handed to another one. Before any
        // socket exists, for the runtime reads it once.
        if (!OperatingSystem.IsLinux())
            Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1");
        return RunAsync(arguments, Console.Out, Console.Error);
    }

    /// <summary>The program with its streams, for tests.</summary>
    public static Task<int> RunAsync(string[] arguments, TextWriter output, TextWriter error) =>
        CommandLine.RunAsync(arguments, output, error, ServerComposition.Compose);
}
