using WireGuardian.Core.Audit.Evidence;

namespace WireGuardian.Server.Evidence;

/// <summary>JSON lines on standard output. The first line there is <c>ready</c>, which others wait for: nothing is written before it.</summary>
internal sealed class StandardOutputSink(TextWriter output, Task ready) : ICheckpointSink
{
    public string Name => "stdout";

    public async Task SendAsync(SignedCheckpoint checkpoint, CancellationToken cancellationToken)
    {
        await ready.WaitAsync(cancellationToken);
        await output.WriteLineAsync(EvidenceJson.Line(checkpoint).AsMemory(), cancellationToken);
        await output.FlushAsync(cancellationToken);
    }

    public void Dispose()
    {
    }
}
