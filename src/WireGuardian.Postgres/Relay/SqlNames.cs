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
    private static readonly Identifier Hold = new(null, "hold");

    /// <summary>Cursors that end with their transaction, whatever was declared under their names.</summary>
    private readonly HashSet<string> _ofTransaction = new(StringComparer.Ordinal);
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

    /// <summary>No transaction is open: cursors are gone, but for those WITH HOLD.</summary>
    public void CursorsAreGone()
    {
        _cursorsMayDiffer = false;
        foreach (var name in _ofTransaction)
            _meanings.Remove((true, name));
        _ofTransaction.Clear();
    }

    /// <summary>Notes what a statement defines.</summary>
    /// <param name="definition">The statement.</param>
    public void Define(StatementFacts definition)
    {
        if (definition.Defines is not { } named)
            return;
        // The words WITH HOLD stand among the names of the statement.
        if (named.IsCursor && definition.Identifiers.Contains(Hold))
            _ofTransaction.Remove(named.Name);
        else if (named.IsCursor && !_meanings.ContainsKey((true, named.Name)))
            _ofTransaction.Add(named.Name);
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
            meanings[^1] = named.IsCursor ? PreparedStatement.UnseenCursorFacts : PreparedStatement.UnseenFacts;
    }

    /// <summary>All that the name may stand for; null when nothing is known of it.</summary>
    public IReadOnlyList<StatementFacts>? Find(bool isCursor, string name)
    {
        if (_overflowed)
            return [PreparedStatement.UnseenFacts];
        var known = _meanings.GetValueOrDefault((isCursor, name));
        return known is not null && isCursor && _cursorsMayDiffer ? [.. known, PreparedStatement.UnseenCursorFacts] : known;
    }

    /// <summary>The same for a name in a message. The unnamed statement and portal are none that SQL can make.</summary>
    public IReadOnlyList<StatementFacts>? Find(bool isCursor, ReadOnlySpan<byte> name) =>
        !name.IsEmpty && (_overflowed || _meanings.Count > 0) && SignificantName.InSql(name) is { } inSql ? Find(isCursor, inSql) : null;

    /// <summary>The server said that this prepared statement is gone: whatever has its name from here on is seen being made, or may be anything.</summary>
    public void ForgetPrepared(string name) => _meanings.Remove((false, name));

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
