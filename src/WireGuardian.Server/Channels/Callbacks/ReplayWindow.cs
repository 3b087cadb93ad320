namespace WireGuardian.Server.Channels.Callbacks;

/// <summary>Remembers signed requests for as long as their signature is good, so that each counts once.</summary>
internal sealed class ReplayWindow(TimeProvider time, TimeSpan length, int most = 10_000)
{
    private readonly Lock _lock = new();
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private readonly Queue<(string Key, long At)> _order = new();

    /// <summary>True the first time. False for a repetition, and for anything while more are remembered than ever should be.</summary>
    public bool IsFirst(string key)
    {
        lock (_lock)
        {
            while (_order.TryPeek(out var oldest) && time.GetElapsedTime(oldest.At) > length)
                _seen.Remove(_order.Dequeue().Key);
            if (_seen.Count >= most || !_seen.Add(key))
                return false;
            _order.Enqueue((key, time.GetTimestamp()));
            return true;
        }
    }
}
