namespace WireGuardian.Core.Policies;

/// <summary>
/// What principals have used of their <see cref="PredicateBudget"/>s in the last hour, over all their sessions and listeners. Kept in memory, within bounds;
/// a restart of the proxy begins anew. Safe for several threads.
/// </summary>
public sealed class PredicateBudgets(TimeProvider time)
{
    /// <summary>Principals and rules with statements within the hour. Beyond it no other gets a budget.</summary>
    public const int MostCounts = 4096;

    private static readonly TimeSpan Window = TimeSpan.FromHours(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<(string Principal, string Rule), List<long>> _used = [];

    /// <summary>Takes one statement out of each budget. Where one of them is used up, nothing is taken, and that one is returned.</summary>
    public PredicateBudget? TryTake(string principal, IReadOnlyList<PredicateBudget> budgets)
    {
        var now = time.GetTimestamp();
        lock (_lock)
        {
            foreach (var budget in budgets)
            {
                if (Count((principal, budget.Rule), now) >= budget.PerHour)
                    return budget;
            }
            foreach (var budget in budgets)
            {
                if (!_used.TryGetValue((principal, budget.Rule), out var times))
                    _used[(principal, budget.Rule)] = times = [];
                times.Add(now);
            }
            return null;
        }
    }

    /// <summary>Gives back what was taken for a statement that was not sent after all.</summary>
    public void GiveBack(string principal, IReadOnlyList<PredicateBudget> budgets)
    {
        lock (_lock)
        {
            foreach (var budget in budgets)
            {
                if (_used.TryGetValue((principal, budget.Rule), out var times) && times.Count > 0)
                    times.RemoveAt(times.Count - 1);
            }
        }
    }

    /// <summary>Statements within the window; as many as any budget has where there is no room to count them.</summary>
    private int Count((string, string) key, long now)
    {
        if (_used.TryGetValue(key, out var times))
        {
            Forget(times, now);
            return times.Count;
        }
        if (_used.Count < MostCounts)
            return 0;
        foreach (var (other, old) in _used.ToArray())
        {
            Forget(old, now);
            if (old.Count == 0)
                _used.Remove(other);
        }
        return _used.Count < MostCounts ? 0 : PredicateBudget.MostPerHour;
    }

    private void Forget(List<long> times, long now)
    {
        var past = times.FindIndex(then => time.GetElapsedTime(then, now) < Window);
        times.RemoveRange(0, past < 0 ? times.Count : past);
    }
}
