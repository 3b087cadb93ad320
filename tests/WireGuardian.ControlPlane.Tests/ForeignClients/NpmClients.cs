using System.Diagnostics;

namespace WireGuardian.ControlPlane.Tests.ForeignClients;

/// <summary>The foreign clients, installed once from npm into <c>.work/npm</c> of the repository.</summary>
internal static class NpmClients
{
    private static readonly (string Name, string Version)[] Packages =
        [("@bufbuild/buf", "1.75.0"), ("@grpc/grpc-js", "1.14.7"), ("@grpc/proto-loader", "0.8.1")];

    private static readonly SemaphoreSlim Installing = new(1, 1);
    private static string? _problem;

    public static string Root { get; } = RepositoryRoot();
    public static string ProtoRoot { get; } = Path.Combine(Root, "src", "WireGuardian.ControlPlane", "proto");
    private static string Folder { get; } = Path.Combine(Root, ".work", "npm");

    /// <summary>Runs buf or a node script; where the clients cannot be had, the test ends as inconclusive and says why.</summary>
    public static async Task<Finished> RunAsync(string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        await InstallAsync(cancellationToken);
        var path = program == "buf" ? Path.Combine(Folder, "node_modules", ".bin", "buf") : program;
        return await StartAsync(path, arguments, cancellationToken);
    }

    private static async Task InstallAsync(CancellationToken cancellationToken)
    {
        await Installing.WaitAsync(cancellationToken);
        try
        {
            if (_problem is null && !Packages.All(IsInstalled))
                _problem = await InstallPackagesAsync(cancellationToken);
        }
        finally
        {
            Installing.Release();
        }

        if (_problem is { Length: > 0 })
            Assert.Inconclusive($"The foreign gRPC clients cannot be installed: {_problem}");
    }

    private static async Task<string> InstallPackagesAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Folder);
        try
        {
            var npm = await StartAsync(
                "npm", ["install", "--prefix", Folder, "--no-audit", "--no-fund", .. Packages.Select(p => $"{p.Name}@{p.Version}")], cancellationToken);
            return npm.ExitCode == 0 ? "" : $"npm install ended with {npm.ExitCode}: {npm.Error}";
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return $"npm is not there: {e.Message}";
        }
    }

    private static bool IsInstalled((string Name, string Version) package)
    {
        var manifest = Path.Combine(Folder, "node_modules", package.Name, "package.json");
        return File.Exists(manifest) && File.ReadAllText(manifest).Contains($"\"version\": \"{package.Version}\"", StringComparison.Ordinal);
    }

    private static async Task<Finished> StartAsync(string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["NODE_PATH"] = Path.Combine(Folder, "node_modules");
        using var process = Process.Start(start)!;
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var error = process.StandardError.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return new Finished(process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    private static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "WireGuardian.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("The tests run outside of the repository.");
    }
}

/// <summary>How a program ended and what it printed.</summary>
internal sealed record Finished(int ExitCode, string Output, string Error);
