using System.Collections.Concurrent;
using System.Diagnostics;

namespace WireGuardian.Testing.Processes;

/// <summary>
/// Starts every child on one thread that lives as long as this process. A parent-death signal (prctl's PR_SET_PDEATHSIG) is sent when the
/// thread that forked ends, not when its process does: forked from the thread pool, a server would die with an idle pool thread.
/// </summary>
internal static class ChildProcess
{
    private static readonly BlockingCollection<Action> Requests = [];
    private static readonly Thread Starter = CreateStarter();

    public static ProcessStartInfo StartInfo(
        string file, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? environment, string? workingDirectory)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = workingDirectory ?? string.Empty,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
            start.Environment[name] = value;
        return start;
    }

    public static Process Start(ProcessStartInfo start)
    {
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        Requests.Add(() =>
        {
            try
            {
                started.SetResult(Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} did not start"));
            }
            catch (Exception exception)
            {
                started.SetException(exception);
            }
        });
        return started.Task.GetAwaiter().GetResult();
    }

    private static Thread CreateStarter()
    {
        var thread = new Thread(() =>
        {
            foreach (var request in Requests.GetConsumingEnumerable())
                request();
        })
        { IsBackground = true, Name = "child processes" };
        thread.Start();
        return thread;
    }
}
