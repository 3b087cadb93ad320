namespace WireGuardian.Postgres.Relay;

/// <summary>The requests that the server has not answered yet, oldest first: a ring that grows up to a limit and gives room back when it is empty.</summary>
public sealed class RequestQueue
{
    private const int SmallSize = 8;

    private Request[] _ring = new Request[SmallSize];
    private int _head;

    public int Count { get; private set; }

    public bool IsEmpty => Count == 0;

    /// <summary>The oldest request.</summary>
    public ref Request Head => ref _ring[_head];

    /// <summary>The request at <paramref name="index"/>, 0 being the oldest.</summary>
    public ref Request this[int index] => ref _ring[(_head + index) & (_ring.Length - 1)];

    /// <summary>Adds a request at the end; its fields are blank and to be filled in.</summary>
    public ref Request Add(RequestKind kind)
    {
        if (Count == _ring.Length)
            Grow();
        ref var request = ref this[Count++];
        request = new Request { Kind = kind };
        return ref request;
    }

    /// <summary>Drops the oldest request.</summary>
    public void RemoveHead()
    {
        _ring[_head] = default;
        _head = (_head + 1) & (_ring.Length - 1);
        if (--Count == 0 && _ring.Length > SmallSize * 8)
            (_ring, _head) = (new Request[SmallSize], 0);
    }

    /// <summary>Drops the request at <paramref name="index"/>, keeping the order of the others.</summary>
    public void RemoveAt(int index)
    {
        for (; index > 0; index--)
            this[index] = this[index - 1];
        RemoveHead();
    }

    private void Grow()
    {
        var larger = new Request[_ring.Length * 2];
        for (var index = 0; index < Count; index++)
            larger[index] = this[index];
        (_ring, _head) = (larger, 0);
    }
}
