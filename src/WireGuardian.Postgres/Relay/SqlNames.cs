using WireGuardian.Core.Statements;

namespace WireGuardian.Postgres.Relay;

/// <summary>
/// Prepared statements and cursors that the session made in SQL (PREPARE, DECLARE). Whether such a statement succeeded, and what a name means now, the text
/// does not tell: so a name stands for everything that was ever given to it, and the strictest of it counts.
/// </summary>
public sealed class SqlNames
{
    private const int MaxNames = 10_000;
    private const int MaxMeanings = 16;

    private readonly Dictionary<(bool IsCursor, string Name), List<StatementFacts>> _meanings = [];
    private bool _overflowed;

    /// <summary>How often code ran that may have opened or closed cursors unseen: what was known of a cursor's name before says nothing any more.</summary>
    public int CursorChanges { get; private set; }

    private bool _cursorsMayDiffer;

    /// <summary>Code runs that may open or close cursors unseen.</summary>
    public void CursorsMayDiffer()
    {
        CursorChanges++;
        _cursorsMayDiffer = true;
    }

    /// <summary>No transaction is open: cursors that code opened are gone.</summary>
    public void CursorsAreGone() => _cursorsMayDiffer = false;

    /// <summary>Notes what a statement defines.</summary>
    public void Define(NamedStatement named)
    {
        var key = (named.IsCursor, named.Name);
        if (!_meanings.TryGetValue(key, out var meanings))
        {
            if (_meanings.Count >= MaxNames)
            {
                _overflowed = true;
                return;
            }
            _meanings[key] = meanings = new(1);
        }
        if (meanings.Count < MaxMeanings)
            meanings.Add(named.Facts);
        else
            meanings[^1] = PreparedStatement.UnseenFacts;
    }

    /// <summary>All that the name may stand for; null when nothing is known of it.</summary>
    public IReadOnlyList<StatementFacts>? Find(bool isCursor, string name) =>
        isCursor && _cursorsMayDiffer ? null : _overflowed ? [PreparedStatement.UnseenFacts] : _meanings.GetValueOrDefault((isCursor, name));

    /// <summary>The same for a name in a message. The unnamed statement and portal are none that SQL can make.</summary>
    public IReadOnlyList<StatementFacts>? Find(bool isCursor, ReadOnlySpan<byte> name) =>
        !name.IsEmpty && (_overflowed || _meanings.Count > 0) && SignificantName.InSql(name) is { } inSql ? Find(isCursor, inSql) : null;

    /// <summary>The server said that all prepared statements are gone.</summary>
    public void ForgetPrepared()
    {
        _overflowed = false;
        foreach (var key in _meanings.Keys)
        {
            if (!key.IsCursor)
                _meanings.Remove(key);
        }
    }
}
