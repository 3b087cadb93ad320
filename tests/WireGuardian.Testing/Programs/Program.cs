namespace WireGuardian.Testing.Programs;

/// <summary>
/// A program of this repository as built, in the test's own configuration (Debug or Release). A test project that runs one references its
/// project, so that it is never an old build.
/// </summary>
public sealed record Program(string Assembly)
{
    public static Program Wireguardian => Built("WireGuardian.Server", "wireguardian");

    public static Program Wgctl => Built("WireGuardian.Cli", "wgctl");

    /// <summary>The dotnet that runs this test.</summary>
    public static string Dotnet =>
        Environment.GetEnvironmentVariable("DOTNET_HOST_PATH")
        ?? (Path.GetFileName(Environment.ProcessPath) == "dotnet" ? Environment.ProcessPath! : "dotnet");

    private static Program Built(string project, string assembly)
    {
        // …/tests/X/bin/Release/net10.0/ → Release/net10.0
        var output = new DirectoryInfo(AppContext.BaseDirectory);
        var path = Path.Combine(Repository.Root, "src", project, "bin", output.Parent!.Name, output.Name, assembly + ".dll");
        return File.Exists(path) ? new Program(path) : throw new InvalidOperationException($"{path} is not built");
    }
}
