using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using WireGuardian.Core.Audit.Evidence;
using WireGuardian.Server.Configuration;

namespace WireGuardian.Server.Evidence;

/// <summary>All sinks that the configuration names, each with a queue of its own: one that fails or is slow keeps nothing from the others.</summary>
internal sealed class CheckpointSinks : IAsyncDisposable
{
    private readonly CheckpointQueue[] _queues;

    public CheckpointSinks(IEnumerable<ICheckpointSink> sinks, Meter meter, ILogger logger, TimeProvider time)
    {
        var all = sinks.ToList();
        var metrics = new CheckpointMetrics(meter, all.Select(sink => sink.Name));
        _queues = [.. all.Select(sink => new CheckpointQueue(sink, metrics, logger, time))];
    }

    /// <summary>The sinks of a configuration.</summary>
    /// <param name="options">Which there are.</param>
    /// <param name="output">Standard output.</param>
    /// <param name="ready">Completes when the line <c>ready</c> is written.</param>
    public static IEnumerable<ICheckpointSink> Of(CheckpointSinkOptions options, TextWriter output, Task ready)
    {
        if (options.File is { } file)
            yield return new FileSink(file);
        if (options.StandardOutput)
            yield return new StandardOutputSink(output, ready);
        if (options.Syslog is { } syslog)
            yield return new SyslogSink(syslog);
        if (options.Otlp is { } otlp)
            yield return new OtlpSink(otlp);
    }

    /// <summary>Never waits and never throws.</summary>
    public void Add(SignedCheckpoint checkpoint)
    {
        foreach (var queue in _queues)
            queue.Add(checkpoint);
    }

    public async ValueTask DisposeAsync() => await Task.WhenAll(_queues.Select(queue => queue.DisposeAsync().AsTask()));
}
