using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace WireGuardian.Server.Channels;

/// <summary>The channels' instruments.</summary>
internal sealed class ChannelMetrics
{
    private readonly ConcurrentDictionary<string, Func<int>> _depths = new(StringComparer.Ordinal);
    private readonly Counter<long> _deliveries;

    public ChannelMetrics(Meter meter)
    {
        _deliveries = meter.CreateCounter<long>("wireguardian.channel.deliveries", null, "Messages to channels: delivered, retried, failed for good, dropped from a full queue.");
        meter.CreateObservableGauge(
            "wireguardian.channel.queue_depth",
            () => _depths.Select(depth => new Measurement<int>(depth.Value(), new KeyValuePair<string, object?>("channel", depth.Key))),
            null, "Messages that wait for their delivery now.");
    }

    public void Observe(string channel, Func<int> depth) => _depths[channel] = depth;

    /// <param name="result"><c>delivered</c>, <c>retried</c>, <c>failed</c> or <c>dropped</c>.</param>
    public void Counted(string channel, string result) =>
        _deliveries.Add(1, new KeyValuePair<string, object?>("channel", channel), new KeyValuePair<string, object?>("result", result));
}
