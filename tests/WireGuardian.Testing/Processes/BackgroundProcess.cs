using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace WireGuardian.Testing.Processes;

/// <summary>
/// A program that runs beside the test: a server, a psql that waits. Both streams are kept. It dies with the test host, however that ends,
/// and with <see cref="DisposeAsync"/>.
/// </summary>
public sealed partial class BackgroundProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Capture _output = new();
    private readonly Capture _error = new();
    private readonly Task _ended;

    private BackgroundProcess(Process process)
    {
        _process = process;
        _ended = Task.WhenAll(_output.ReadAsync(process.StandardOutput), _error.ReadAsync(process.StandardError), process.WaitForExitAsync());
    }

    public int Id => _process.Id;

    public string Output => _output.ToString();

    public string Error => _error.ToString();

    public bool HasExited => _ended.IsCompleted;

    /// <summary>The exit code; 128 + n after signal n.</summary>
    public int ExitCode => _process.ExitCode;

    /// <param name="file">A path, or a name that is looked up in PATH.</param>
    /// <param name="arguments">Passed on as they are.</param>
    /// <param name="environment">Added to this process's environment; a null value takes a variable away.</param>
    /// <param name="workingDirectory">This process's own where it is null.</param>
    /// <param name="user">Runs as this user; only root may ask for one.</param>
    /// <param name="whenParentDies">The signal that the program gets when the test host is gone.</param>
    public static BackgroundProcess Start(
        string file,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string?>? environment = null,
        string? workingDirectory = null,
        UnixUser? user = null,
        Signal whenParentDies = Signal.Kill)
    {
        string[] wrapper = ["--pdeathsig", SignalName(whenParentDies), .. user?.SetprivArguments ?? [], "--", file, .. arguments];
        var start = ChildProcess.StartInfo("setpriv", wrapper, environment, workingDirectory);
        start.RedirectStandardInput = true;
        return new BackgroundProcess(ChildProcess.Start(start));
    }

    /// <summary>Waits until a line of standard output satisfies <paramref name="match"/> and returns it.</summary>
    /// <exception cref="InvalidOperationException">The program ended, or the time passed, without such a line.</exception>
    public Task<string> WaitForOutputAsync(Func<string, bool> match, TimeSpan? timeout = null) => WaitForLineAsync(_output, match, timeout);

    /// <inheritdoc cref="WaitForOutputAsync"/>
    public Task<string> WaitForErrorAsync(Func<string, bool> match, TimeSpan? timeout = null) => WaitForLineAsync(_error, match, timeout);

    public async Task WriteLineAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync();
    }

    public void CloseInput() => _process.StandardInput.Close();

    public void Send(Signal signal)
    {
        if (!HasExited && Kill(_process.Id, (int)signal) != 0 && !HasExited && Marshal.GetLastPInvokeError() != NoSuchProcess)
            throw new InvalidOperationException($"signal {signal} could not be sent: errno {Marshal.GetLastPInvokeError()}");
    }

    /// <exception cref="TimeoutException">It still runs after <paramref name="timeout"/> (30 seconds).</exception>
    public async Task<int> WaitForExitAsync(TimeSpan? timeout = null)
    {
        await _ended.WaitAsync(timeout ?? TimeSpan.FromSeconds(30));
        return _process.ExitCode;
    }

    /// <summary>Sends <paramref name="signal"/> and waits; what does not end in time is killed.</summary>
    public async Task<int> StopAsync(Signal signal = Signal.Terminate, TimeSpan? timeout = null)
    {
        Send(signal);
        try
        {
            return await WaitForExitAsync(timeout ?? TimeSpan.FromSeconds(10));
        }
        catch (TimeoutException)
        {
            Send(Signal.Kill);
            return await WaitForExitAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!HasExited)
            await StopAsync(Signal.Kill);
        _process.Dispose();
    }

    private async Task<string> WaitForLineAsync(Capture capture, Func<string, bool> match, TimeSpan? timeout)
    {
        try
        {
            if (await capture.WaitForAsync(match).WaitAsync(timeout ?? TimeSpan.FromSeconds(30)) is { } line)
                return line;
            await _ended;
            throw new InvalidOperationException($"{What()} ended with {ExitCode} before the line it should print\n{Both()}");
        }
        catch (TimeoutException)
        {
            throw new InvalidOperationException($"{What()} did not print the expected line in time\n{Both()}");
        }
    }

    private string What() => string.Join(' ', _process.StartInfo.ArgumentList.SkipWhile(argument => argument != "--").Skip(1));

    private string Both() => $"--- stdout\n{Output}\n--- stderr\n{Error}";

    private const int NoSuchProcess = 3;

    private static string SignalName(Signal signal) => signal switch
    {
        Signal.Hangup => "HUP",
        Signal.Interrupt => "INT",
        Signal.Quit => "QUIT",
        Signal.Terminate => "TERM",
        _ => "KILL",
    };

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);

    /// <summary>The lines of one stream, and those who wait for one.</summary>
    private sealed class Capture
    {
        private readonly Lock _lock = new();
        private readonly List<string> _lines = [];
        private bool _closed;
        private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public async Task ReadAsync(StreamReader reader)
        {
            while (await reader.ReadLineAsync() is { } line)
                Change(() => _lines.Add(line));
            Change(() => _closed = true);
        }

        /// <summary>The first line that matches, old or new; null when the stream ended without one.</summary>
        public async Task<string?> WaitForAsync(Func<string, bool> match)
        {
            for (var seen = 0; ;)
            {
                Task changed;
                lock (_lock)
                {
                    for (; seen < _lines.Count; seen++)
                    {
                        if (match(_lines[seen]))
                            return _lines[seen];
                    }

                    if (_closed)
                        return null;
                    changed = _changed.Task;
                }

                await changed;
            }
        }

        public override string ToString()
        {
            lock (_lock)
                return _lines.Aggregate(new StringBuilder(), (text, line) => text.Append(line).Append('\n')).ToString();
        }

        private void Change(Action change)
        {
            lock (_lock)
            {
                change();
                _changed.SetResult();
                _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }
}
