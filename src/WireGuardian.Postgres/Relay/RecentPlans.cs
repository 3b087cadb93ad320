namespace WireGuardian.Postgres.Relay;

/// <summary>The plans of the last few result shapes of a session, found again by the RowDescription's own bytes.</summary>
public sealed class RecentPlans
{
    private const int Places = 4;
    private const int LongestShape = 4 << 10;

    private readonly record struct Entry(byte[] Shape, MaskPlanner.Circumstances Under, MaskPlan Plan);

    private readonly Entry[] _entries = new Entry[Places];
    private int _next;

    public MaskPlan? Find(ReadOnlySpan<byte> shape, in MaskPlanner.Circumstances under)
    {
        foreach (ref readonly var entry in _entries.AsSpan())
        {
            if (entry.Plan is not null && entry.Under == under && shape.SequenceEqual(entry.Shape))
                return entry.Plan;
        }
        return null;
    }

    public void Keep(ReadOnlySpan<byte> shape, in MaskPlanner.Circumstances under, MaskPlan plan)
    {
        if (shape.Length > LongestShape)
            return;
        _entries[_next] = new(plan.Basis?.Shape ?? shape.ToArray(), under, plan);
        _next = (_next + 1) % Places;
    }
}
