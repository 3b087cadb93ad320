using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace WireGuardian.Proxy.Metrics;

/// <summary>
/// How the time that the proxy adds to statements is distributed on one listener. Statements are counted here, in counters that cost a few nanoseconds; only
/// when somebody collects are they handed on to the instrument, whose price is tens of times that.
/// </summary>
internal sealed class OverheadHistogram
{
    /// <summary>Upper ends of the buckets in seconds, from what a cached verdict costs to what nobody should see; one more bucket has none.</summary>
    public static readonly double[] Boundaries =
    [
        0.000_001, 0.000_002, 0.000_005, 0.000_01, 0.000_02, 0.000_05, 0.000_1, 0.000_2, 0.000_5, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1,
    ];

    private static readonly long[] BoundariesInTicks = [.. Boundaries.Select(seconds => (long)Math.Round(seconds * Stopwatch.Frequency))];

    // For each bucket how many statements are in it, then for each bucket their ticks.
    private readonly StripedCounters _counters = new(2 * Buckets);
    private readonly long[] _reported = new long[2 * Buckets];
    private readonly Lock _reporting = new();
    private readonly Histogram<double> _instrument;
    private readonly KeyValuePair<string, object?>[] _tags;

    public OverheadHistogram(Histogram<double> instrument, KeyValuePair<string, object?>[] tags) => (_instrument, _tags) = (instrument, tags);

    private static int Buckets => BoundariesInTicks.Length + 1;

    /// <summary>Counts one statement.</summary>
    /// <param name="ticks">Of <see cref="Stopwatch"/>.</param>
    public void Add(long ticks)
    {
        var bucket = 0;
        while (bucket < BoundariesInTicks.Length && ticks > BoundariesInTicks[bucket])
            bucket++;
        // Who reads takes the number first: then the ticks of all that it counts are there.
        _counters.Add(Buckets + bucket, ticks);
        _counters.Add(bucket, 1);
    }

    /// <summary>Hands on what was counted since the last time: for each statement the mean of its bucket, so that buckets, count and sum are what they would be.</summary>
    public void Report()
    {
        lock (_reporting)
        {
            for (var bucket = 0; bucket < Buckets; bucket++)
            {
                var count = Take(bucket);
                if (count == 0)
                    continue;
                var mean = Math.Clamp(Take(Buckets + bucket) / (double)count / Stopwatch.Frequency, LowerEnd(bucket), UpperEnd(bucket));
                for (; count > 0; count--)
                    _instrument.Record(mean, _tags);
            }
        }
    }

    private static double LowerEnd(int bucket) => bucket == 0 ? 0 : Math.BitIncrement(Boundaries[bucket - 1]);

    private static double UpperEnd(int bucket) => bucket == Buckets - 1 ? double.MaxValue : Boundaries[bucket];

    private long Take(int counter)
    {
        var all = _counters.Read(counter);
        var more = all - _reported[counter];
        _reported[counter] = all;
        return more;
    }
}
