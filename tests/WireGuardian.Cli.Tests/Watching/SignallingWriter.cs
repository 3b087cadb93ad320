using System.Text;

namespace WireGuardian.Cli.Tests.Watching;

/// <summary>Collects what is written and tells when something is there.</summary>
internal sealed class SignallingWriter : TextWriter
{
    private readonly Lock _lock = new();
    private readonly StringBuilder _text = new();
    private TaskCompletionSource _written = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value) => Write(value.ToString());

    public override void Write(string? value)
    {
        lock (_lock)
        {
            _text.Append(value);
            _written.TrySetResult();
            _written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    public override void WriteLine(string? value) => Write(value + "\n");

    /// <summary>Everything so far, as soon as it contains <paramref name="part"/>.</summary>
    public async Task<string> UntilAsync(string part, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task written;
            lock (_lock)
            {
                var text = _text.ToString();
                if (text.Contains(part, StringComparison.Ordinal))
                    return text;
                written = _written.Task;
            }

            await written.WaitAsync(cancellationToken);
        }
    }
}
