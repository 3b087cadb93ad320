namespace WireGuardian.Server.Channels.Callbacks;

/// <summary>Keeps values for a time, and no more than so many. Safe for callers that come together.</summary>
internal sealed class ExpiringTable<T>(TimeProvider time, TimeSpan length, int most)
    where T : class
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, T> _values = new(StringComparer.Ordinal);
    private readonly Queue<(string Key, long At)> _order = new();

    /// <summary>False where there are too many. A key is given once only.</summary>
    public bool TryAdd(string key, T value)
    {
        lock (_lock)
        {
            Forget();
            if (_order.Count >= most || !_values.TryAdd(key, value))
                return false;
            _order.Enqueue((key, time.GetTimestamp()));
            return true;
        }
    }

    /// <summary>The value of a key, null where there is none (any more).</summary>
    public T? Find(string key)
    {
        lock (_lock)
        {
            Forget();
            return _values.GetValueOrDefault(key);
        }
    }

    /// <summary>The same, once.</summary>
    public T? Take(string key)
    {
        lock (_lock)
        {
            Forget();
            return _values.Remove(key, out var value) ? value : null;
        }
    }

    private void Forget()
    {
        while (_order.TryPeek(out var oldest) && time.GetElapsedTime(oldest.At) > length)
            _values.Remove(_order.Dequeue().Key);
    }
}
