using WireGuardian.Core.Statements;
using WireGuardian.Postgres.Catalog;

namespace WireGuardian.Postgres.Relay;

/// <summary>
/// Prepared statements and cursors that the session made in SQL (PREPARE, DECLARE). Whether such a statement succeeded, and what a name means now, the text
/// does not tell: so a name stands for everything that was ever given to it, and the strictest of it counts.
/// </summary>
public sealed class SqlNames
{
    private const int MaxNames = 10_000;
    private const int MaxMeanings = 16;

    private sealed class Meanings
    {
        public List<StatementFacts> All { get; } = new(1);

        /// <summary>The only one; null where there are several, or where it is not sure what its names mean.</summary>
        public NamedQuery? Only { get; set; }

        /// <summary><see cref="CursorChanges"/> when the cursor was sent that the server last said it opened under the name; -1 for none.</summary>
        public int OpenedAt { get; set; } = -1;
    }

    private readonly Dictionary<(bool IsCursor, string Name), Meanings> _meanings = [];
    private static readonly Identifier Hold = new(null, "hold");

    /// <summary>Cursors that end with their transaction, whatever was declared under their names.</summary>
    private readonly HashSet<string> _ofTransaction = new(StringComparer.Ordinal);
    private bool _overflowed;

    /// <summary>How often code ran that may have opened or closed cursors unseen: what was known of a cursor's name before says nothing any more.</summary>
    public int CursorChanges { get; private set; }

    /// <summary>Code ran that may have put something under a name before the client did, whose own attempt then failed: a cursor WITH HOLD, a prepared statement.</summary>
    private bool _cursorsAreUnsure;

    /// <inheritdoc cref="_cursorsAreUnsure"/>
    private bool _preparedAreUnsure;

    /// <summary>Code runs that may open or close cursors unseen.</summary>
    public void CursorsMayDiffer()
    {
        CursorChanges++;
        (_cursorsAreUnsure, _preparedAreUnsure) = (true, true);
    }

    /// <summary>No transaction is open: cursors are gone, but for those WITH HOLD.</summary>
    public void CursorsAreGone()
    {
        foreach (var name in _ofTransaction)
            _meanings.Remove((true, name));
        _ofTransaction.Clear();
    }

    /// <summary>Notes what a statement defines.</summary>
    /// <param name="definition">The statement.</param>
    /// <param name="text">The text that it stands in; null where that is not known.</param>
    /// <param name="view">The picture of the catalog by which its names are read; null where they may mean something else.</param>
    public void Define(StatementFacts definition, PreparedStatement? text = null, ICatalogView? view = null)
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
            _meanings[key] = meanings = new() { Only = text is { Settings: not null } && view is not null ? new(named, text, view) : null };
        }
        else if (meanings.Only is { } only && ReferenceEquals(only.Definition, named) && ReferenceEquals(only.View, view))
        {
            // The same statement again: a driver that describes it before it runs it.
            return;
        }
        else
        {
            meanings.Only = null;
        }
        if (meanings.All.Count < MaxMeanings)
            meanings.All.Add(named.Facts);
        else
            meanings.All[^1] = named.IsCursor ? PreparedStatement.UnseenCursorFacts : PreparedStatement.UnseenFacts;
    }

    /// <summary>The server said that it opened a cursor under this name.</summary>
    /// <param name="name">The name.</param>
    /// <param name="sentAt"><see cref="CursorChanges"/> when the statement was sent: code that was sent behind it may have closed it by now.</param>
    public void Opened(string name, int sentAt)
    {
        if (_meanings.TryGetValue((true, name), out var meanings))
            meanings.OpenedAt = sentAt;
    }

    /// <summary>What was found out of the name's only meaning may not be so.</summary>
    public void Doubt(NamedStatement named)
    {
        if (_meanings.TryGetValue((named.IsCursor, named.Name), out var meanings))
            meanings.Only = null;
    }

    /// <summary>What the name stands for; null where that is not sure.</summary>
    public NamedQuery? FindOnly(bool isCursor, string name) =>
        _overflowed || (isCursor ? _cursorsAreUnsure : _preparedAreUnsure) ? null : _meanings.GetValueOrDefault((isCursor, name))?.Only;

    /// <summary>All that the name may stand for; null when nothing is known of it.</summary>
    public IReadOnlyList<StatementFacts>? Find(bool isCursor, string name)
    {
        if (_overflowed)
            return [PreparedStatement.UnseenFacts];
        var known = _meanings.GetValueOrDefault((isCursor, name));
        // What code opened WITH HOLD is there for as long as the session: a DECLARE of the client's own under its name failed.
        return known is not null && isCursor && _cursorsAreUnsure && known.OpenedAt != CursorChanges ? [.. known.All, PreparedStatement.UnseenCursorFacts] : known?.All;
    }

    /// <summary>The same for a name in a message. The unnamed statement and portal are none that SQL can make.</summary>
    public IReadOnlyList<StatementFacts>? Find(bool isCursor, ReadOnlySpan<byte> name) =>
        !name.IsEmpty && (_overflowed || _meanings.Count > 0) && SignificantName.InSql(name) is { } inSql ? Find(isCursor, inSql) : null;

    /// <summary>The server said that this prepared statement is gone: whatever has its name from here on is seen being made, or may be anything.</summary>
    public void ForgetPrepared(string name) => _meanings.Remove((false, name));

    /// <summary>The server said that all prepared statements are gone.</summary>
    public void ForgetPrepared()
    {
        (_overflowed, _preparedAreUnsure) = (false, false);
        foreach (var key in _meanings.Keys)
        {
            if (!key.IsCursor)
                _meanings.Remove(key);
        }
    }
}
