using WireGuardian.Sql.MySql;

namespace WireGuardian.MySql.Relay;

/// <summary>The statements that PREPARE made, by their folded names. A name that is not in here may be anything: code can make one unseen.</summary>
public sealed class SqlPrepared(int limit)
{
    private readonly Dictionary<string, PreparedText> _statements = new(StringComparer.Ordinal);

    /// <summary>True for a statement that makes one, or may do so unseen.</summary>
    public static bool IsChangedBy(MySqlStatement statement, bool runsCode) => runsCode || statement.Facts.Defines is not null;

    /// <summary>True where one of them may read otherwise under other settings.</summary>
    public bool DependOnSettings { get; private set; }

    /// <summary>What EXECUTE of the name runs under these settings; null where that is not known.</summary>
    public PreparedText? Find(string name, MySqlSqlSettings settings) =>
        _statements.TryGetValue(name, out var prepared) && prepared.ReadsUnder(settings) ? prepared : null;

    /// <summary>A statement that makes or forgets one, or may do so unseen, is about to run.</summary>
    /// <param name="statement">The statement.</param>
    /// <param name="settings">How it is read.</param>
    /// <param name="database">The session's own database; null where that is not known.</param>
    /// <param name="runsCode">It may make statements unseen.</param>
    public void Note(MySqlStatement statement, MySqlSqlSettings settings, string? database, bool runsCode)
    {
        if (runsCode)
            _statements.Clear();
        if (statement.Facts.Defines is not { } defined)
            return;
        // One more than the limit is unseen, and so are those before it.
        if (_statements.Count >= limit)
            _statements.Clear();
        _statements.Remove(defined.Name);
        if (statement.Prepares is not { } prepares)
            return;
        _statements[defined.Name] = new(prepares, settings, database);
        DependOnSettings |= !prepares.ReadsAlways;
    }

    /// <summary>The text with this statement ended with an error: what it would have made may be what was there before.</summary>
    public void Doubt(MySqlStatement statement)
    {
        if (statement.Facts.Defines is { } defined)
            _statements.Remove(defined.Name);
    }

    public void Clear() => _statements.Clear();

    /// <summary>For finding out what would be, without making it so.</summary>
    public SqlPrepared Copy()
    {
        var copy = new SqlPrepared(limit);
        copy.DependOnSettings = DependOnSettings;
        foreach (var (name, statement) in _statements)
            copy._statements[name] = statement;
        return copy;
    }
}
