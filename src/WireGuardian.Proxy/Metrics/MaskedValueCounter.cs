namespace WireGuardian.Proxy.Metrics;

/// <summary>Counts the values that one masking rule masked on one listener. A session keeps it with its mask plan and adds once per read batch.</summary>
public sealed class MaskedValueCounter
{
    private readonly StripedCounters _count = new(1);

    internal MaskedValueCounter(string rule) => Rule = rule;

    public string Rule { get; }

    public long Value => _count.Read(0);

    public void Add(long values) => _count.Add(0, values);
}
