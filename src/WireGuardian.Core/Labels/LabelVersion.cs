namespace WireGuardian.Core.Labels;

/// <summary>How often the labels of the databases of one name have changed.</summary>
public sealed class LabelVersion
{
    private long _count;

    public long Count => Volatile.Read(ref _count);

    internal void Grow() => Interlocked.Increment(ref _count);
}
