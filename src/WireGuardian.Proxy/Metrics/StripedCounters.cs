namespace WireGuardian.Proxy.Metrics;

/// <summary>
/// A row of counters that many threads add to at once. Each stripe of memory belongs to a few processors, so that adding does not
/// pull a cache line from another core; reading adds the stripes up.
/// </summary>
internal sealed class StripedCounters
{
    private const int LongsPerCacheLinePair = 16;
    private readonly long[] _values;
    private readonly int _stripeLength;
    private readonly int _stripeMask;

    /// <param name="count">Number of counters, numbered from 0.</param>
    public StripedCounters(int count)
    {
        var stripes = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Min(Environment.ProcessorCount, 16));
        _stripeMask = stripes - 1;
        _stripeLength = (count + LongsPerCacheLinePair - 1) / LongsPerCacheLinePair * LongsPerCacheLinePair + LongsPerCacheLinePair;
        _values = new long[stripes * _stripeLength];
    }

    public void Add(int counter, long amount)
    {
        var stripe = Thread.GetCurrentProcessorId() & _stripeMask;
        Interlocked.Add(ref _values[stripe * _stripeLength + counter], amount);
    }

    public long Read(int counter)
    {
        long sum = 0;
        for (var index = counter; index < _values.Length; index += _stripeLength)
            sum += Interlocked.Read(ref _values[index]);
        return sum;
    }
}
