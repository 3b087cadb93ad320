namespace WireGuardian.Core.Detection;

/// <summary>
/// The findings of one scan. One is kept and cleared for the next value, so that nothing is allocated per value. Holds a limited number; the scanner stops before it is
/// exceeded and is called again for the rest. Not safe for several threads at once.
/// </summary>
public sealed class FindingBuffer
{
    /// <summary>Findings that it holds.</summary>
    public const int Capacity = 512;

    // A block of 64 bytes cannot give more: nothing is shorter than six bytes, and a few detectors may find the same.
    private const int MostPerBlock = 64;

    private readonly Finding[] _findings = new Finding[Capacity];

    /// <summary>In the order of their offsets once <see cref="Merge"/> was called.</summary>
    public ReadOnlySpan<Finding> Findings => _findings.AsSpan(0, Count);

    public int Count { get; private set; }

    /// <summary>No further block is to be looked at.</summary>
    internal bool IsFull => Count > Capacity - 2 * MostPerBlock;

    /// <summary>Numbers that lie together are looked at as one, however far they go; false where these have to stop so that the rest of their block has room.</summary>
    internal bool HasRoomForBlock => Count <= Capacity - MostPerBlock;

    public void Clear() => Count = 0;

    internal void Add(Finding finding)
    {
        if (Count < Capacity)
            _findings[Count++] = finding;
    }

    /// <summary>Takes bytes off the end of the last of the first <paramref name="count"/> findings.</summary>
    internal void ShortenLast(int count, int bytes)
    {
        ref var last = ref _findings[count - 1];
        last = last with { Length = Math.Max(0, last.Length - bytes) };
    }

    /// <summary>
    /// Sorts by offset and makes one finding of those that overlap: it spans all of them and is named by the one with the highest score, by the longest among equals.
    /// </summary>
    public void Merge()
    {
        if (Count < 2)
            return;
        var findings = _findings.AsSpan(0, Count);
        findings.Sort(static (a, b) => a.Offset.CompareTo(b.Offset));
        var last = 0;
        for (var i = 1; i < findings.Length; i++)
        {
            ref var merged = ref findings[last];
            var next = findings[i];
            if (next.Offset >= merged.End)
            {
                findings[++last] = next;
                continue;
            }
            var name = (next.Score, next.Length).CompareTo((merged.Score, merged.Length)) > 0 ? next : merged;
            merged = name with { Offset = merged.Offset, Length = Math.Max(merged.End, next.End) - merged.Offset };
        }
        Count = last + 1;
    }
}
