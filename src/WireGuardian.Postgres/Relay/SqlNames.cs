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
        _overflowed ? [PreparedStatement.UnseenFacts] : _meanings.GetValueOrDefault((isCursor, name));

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
