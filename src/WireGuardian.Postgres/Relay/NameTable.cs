using System.Text;

namespace WireGuardian.Postgres.Relay;

/// <summary>
/// The prepared statements or portals of a session by name, as the server will have them once it has worked off what was sent. The client sends ahead of the
/// server's answers, so an entry first is a promise; <see cref="Entry.IsCertainIn"/> says whether the server has kept it.
/// Names are told apart as the server does (<see cref="SignificantName"/>); one that it recodes is never found.
/// </summary>
public sealed class NameTable<T> where T : class
{
    private readonly Dictionary<byte[], Entry> _named;
    private readonly Dictionary<byte[], Entry>.AlternateLookup<ReadOnlySpan<byte>> _bySpan;
    private Entry? _unnamed;

    public NameTable()
    {
        _named = new(ByteNameComparer.Instance);
        _bySpan = _named.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    public int Count => _named.Count;

    /// <summary>The entry of this name, or null.</summary>
    public Entry? Find(ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty)
            return _unnamed;
        name = SignificantName.Of(name);
        return Ascii.IsValid(name) && _bySpan.TryGetValue(name, out var entry) ? entry : null;
    }

    /// <summary>Promises <paramref name="value"/> under <paramref name="name"/> in the place of what was there.</summary>
    public Entry Put(ReadOnlySpan<byte> name, T value, long batch)
    {
        var entry = new Entry(SignificantName.Of(name).ToArray(), value, batch) { Before = Find(name) };
        if (name.IsEmpty)
            _unnamed = entry;
        else if (Ascii.IsValid(entry.Name))
            _named[entry.Name] = entry;
        return entry;
    }

    /// <summary>The server never came to it (an error earlier in the batch): what was there before still is.</summary>
    public void Undo(Entry entry)
    {
        var top = Find(entry.Name);
        if (top != entry)
        {
            // Promised anew since: but should that fail too, what was there before this one is there, not this one.
            while (top is not null && top.Before != entry)
                top = top.Before;
            top?.Before = entry.Before;
        }
        else if (entry.Name.Length == 0)
        {
            _unnamed = entry.Before;
        }
        else if (entry.Before is null)
        {
            _named.Remove(entry.Name);
        }
        else
        {
            _named[entry.Name] = entry.Before;
        }
    }

    /// <summary>Puts a removed entry back: under what the name has been promised to since, for that will fail as the name is still taken.</summary>
    public void Restore(Entry entry)
    {
        if (Find(entry.Name) is { } top)
        {
            while (top != entry && top.Before is { } before)
                top = before;
            if (top != entry)
                top.Before = entry;
        }
        else if (entry.Name.Length == 0)
        {
            _unnamed = entry;
        }
        else
        {
            _named[entry.Name] = entry;
        }
    }

    public void Remove(ReadOnlySpan<byte> name)
    {
        name = SignificantName.Of(name);
        if (name.IsEmpty)
            _unnamed = null;
        else if (Ascii.IsValid(name))
            _bySpan.Remove(name);
    }

    /// <summary>Removes what the server has confirmed under this name; what has been promised under it since comes after.</summary>
    public void RemoveConfirmed(ReadOnlySpan<byte> name)
    {
        if (Find(name) is not { } top)
            return;
        if (top.IsConfirmed)
        {
            Remove(name);
            return;
        }
        while (top.Before is { IsConfirmed: false } before)
            top = before;
        top.Before = null;
    }

    /// <summary>Removes what was made in batches up to <paramref name="batch"/>.</summary>
    public void RemoveUpTo(long batch)
    {
        if (_unnamed is { } unnamed && unnamed.Batch <= batch)
            _unnamed = null;
        if (_named.Count == 0)
            return;
        foreach (var (name, entry) in _named)
        {
            if (entry.Batch <= batch)
                _named.Remove(name);
        }
    }

    /// <summary>Removes what the server has confirmed; what it has not worked off yet comes after.</summary>
    public void RemoveConfirmed()
    {
        if (_unnamed is { IsConfirmed: true })
            _unnamed = null;
        foreach (var (name, entry) in _named)
        {
            if (entry.IsConfirmed)
                _named.Remove(name);
        }
    }

    /// <summary>A value under its name.</summary>
    public sealed class Entry(byte[] name, T value, long batch)
    {
        public byte[] Name { get; } = name;
        public T Value { get; } = value;

        /// <summary>The batch (ended by Sync or Query) in which it was sent.</summary>
        public long Batch { get; } = batch;

        public bool IsConfirmed { get; private set; }

        /// <summary>What had the name before, as long as that may come back.</summary>
        public Entry? Before { get; set; }

        /// <summary>The server kept the promise: what was there before is gone.</summary>
        public void Confirm()
        {
            IsConfirmed = true;
            Before = null;
        }

        /// <summary>True when it can be relied upon in <paramref name="batch"/>: confirmed, or promised in the same batch, for if that fails so does all after it.</summary>
        public bool IsCertainIn(long batch) => IsConfirmed || Batch == batch;
    }
}
