namespace WireGuardian.Server.Tests.Composition;

/// <summary>Standard output that says when a whole line has come.</summary>
internal sealed class SignallingWriter : StringWriter
{
    private readonly TaskCompletionSource _firstLine = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task FirstLine => _firstLine.Task;

    public override Task WriteLineAsync(string? value)
    {
        WriteLine(value);
        _firstLine.TrySetResult();
        return Task.CompletedTask;
    }
}
