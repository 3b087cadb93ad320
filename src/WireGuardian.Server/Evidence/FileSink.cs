using System.Text;
using WireGuardian.Core.Audit.Evidence;

namespace WireGuardian.Server.Evidence;

/// <summary>Appends JSON lines to a file, opened anew for each: it may be moved away at any time.</summary>
internal sealed class FileSink(string path) : ICheckpointSink
{
    public string Name => "file";

    public async Task SendAsync(SignedCheckpoint checkpoint, CancellationToken cancellationToken)
    {
        var options = new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write, Share = FileShare.ReadWrite, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;
        await using var file = new FileStream(path, options);
        await file.WriteAsync(Encoding.UTF8.GetBytes(EvidenceJson.Line(checkpoint) + "\n"), cancellationToken);
        file.Flush(flushToDisk: true);
    }

    public void Dispose()
    {
    }
}
