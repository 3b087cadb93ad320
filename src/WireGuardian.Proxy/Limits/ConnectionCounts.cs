using System.Collections.Concurrent;

namespace WireGuardian.Proxy.Limits;

/// <summary>Connections of one listener, and of each of its logins.</summary>
public sealed class ConnectionCounts
{
    private readonly ConcurrentDictionary<string, int> _perUser = new(StringComparer.Ordinal);
    private int _all;

    public bool TryEnter(int limit)
    {
        if (Interlocked.Increment(ref _all) <= limit)
            return true;
        Interlocked.Decrement(ref _all);
        return false;
    }

    public bool TryEnter(string user, int limit)
    {
        if (_perUser.AddOrUpdate(user, 1, static (_, count) => count + 1) <= limit)
            return true;
        Leave(user);
        return false;
    }

    public void Leave() => Interlocked.Decrement(ref _all);

    public void Leave(string user)
    {
        // A name that nobody uses any more is forgotten, or a flood of made-up names would fill the table.
        if (_perUser.AddOrUpdate(user, 0, static (_, count) => count - 1) <= 0)
            _perUser.TryRemove(new(user, 0));
    }
}
