using System.Diagnostics;

namespace WireGuardian.Testing.Processes;

/// <summary>Runs a program to its end: psql, pgbench, node, python3, java. Never longer than its time limit.</summary>
public static class ProcessRunner
{
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(60);

    /// <param name="file">A path, or a name that is looked up in PATH.</param>
    /// <param name="arguments">Passed on as they are: no shell is involved.</param>
    /// <param name="input">Written to the program's standard input, which is closed in any case.</param>
    /// <param name="environment">Added to this process's environment; a null value takes a variable away.</param>
    /// <param name="workingDirectory">This process's own where it is null.</param>
    /// <param name="timeout">60 seconds where it is null; the program and its children are then killed.</param>
    /// <exception cref="TimeoutException">The program ran longer than <paramref name="timeout"/>.</exception>
    public static async Task<ProcessResult> RunAsync(
        string file,
        IEnumerable<string> arguments,
        string? input = null,
        IReadOnlyDictionary<string, string?>? environment = null,
        string? workingDirectory = null,
        TimeSpan? timeout = null,
        CancellationToken cancellationToken = default)
    {
        var start = ChildProcess.StartInfo(file, arguments, environment, workingDirectory);
        start.RedirectStandardInput = true;
        using var process = ChildProcess.Start(start);
        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var error = process.StandardError.ReadToEndAsync(CancellationToken.None);

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout ?? DefaultTimeout);
        try
        {
            await WriteInputAsync(process, input, limit.Token);
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancellationToken.ThrowIfCancellationRequested();
            throw new TimeoutException(
                $"{Describe(start)} did not end in time\n--- stdout\n{await output}\n--- stderr\n{await error}");
        }

        return new ProcessResult(Describe(start), process.ExitCode, await output, await error);
    }

    /// <summary>True if PATH, or the path itself, leads to an executable file.</summary>
    public static bool Exists(string file) => Find(file) is not null;

    public static string? Find(string file) =>
        file.Contains('/', StringComparison.Ordinal)
            ? (File.Exists(file) ? file : null)
            : (Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin:/bin")
                .Split(':', StringSplitOptions.RemoveEmptyEntries)
                .Select(folder => Path.Combine(folder, file))
                .FirstOrDefault(File.Exists);

    private static async Task WriteInputAsync(Process process, string? input, CancellationToken cancellationToken)
    {
        try
        {
            if (input is not null)
                await process.StandardInput.WriteAsync(input.AsMemory(), cancellationToken);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The program ended without reading all of it (a broken pipe); its exit code and streams tell why.
        }
    }

    private static string Describe(ProcessStartInfo start) => string.Join(' ', start.ArgumentList.Prepend(start.FileName));
}
