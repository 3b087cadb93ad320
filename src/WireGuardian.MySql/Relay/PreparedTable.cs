using System.Diagnostics.CodeAnalysis;

namespace WireGuardian.MySql.Relay;

/// <summary>The prepared statements of a connection by the numbers that the server gave them.</summary>
public sealed class PreparedTable
{
    /// <summary>The number by which MariaDB's clients name the statement prepared last.</summary>
    public const uint LastPrepared = 0xFFFF_FFFF;

    private readonly Dictionary<uint, SessionStatement> _statements = [];
    private uint? _last;

    public int Count => _statements.Count;

    /// <summary>The server prepared a statement.</summary>
    public void Put(uint id, SessionStatement statement)
    {
        Remove(id);
        _statements[id] = statement;
        _last = id;
    }

    /// <summary>A statement could not be prepared: there is none that was prepared last.</summary>
    public void ForgetLast() => _last = null;

    public bool TryFind(uint id, [NotNullWhen(true)] out SessionStatement? statement)
    {
        statement = null;
        return (id != LastPrepared || _last is not null) && _statements.TryGetValue(id == LastPrepared ? _last!.Value : id, out statement);
    }

    public void Remove(uint id)
    {
        if (id == LastPrepared && _last is { } last)
            id = last;
        if (_statements.Remove(id, out var statement))
            statement.LongData?.Dispose();
        if (_last == id)
            _last = null;
    }

    public void Clear()
    {
        foreach (var statement in _statements.Values)
            statement.LongData?.Dispose();
        _statements.Clear();
        _last = null;
    }
}
