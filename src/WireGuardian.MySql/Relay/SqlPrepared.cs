using WireGuardian.Sql.MySql;

namespace WireGuardian.MySql.Relay;

/// <summary>The statements that PREPARE made, by their folded names. A name that is not in here may be anything: code can make one unseen.</summary>
public sealed class SqlPrepared(int limit)
{
    private readonly Dictionary<string, MySqlStatement> _statements = new(StringComparer.Ordinal);

    /// <summary>True for a statement that makes one, or may do so unseen.</summary>
    public static bool IsChangedBy(MySqlStatement statement, bool runsCode) => runsCode || statement.Facts.Defines is not null;

    /// <summary>What EXECUTE of the name runs.</summary>
    public MySqlStatement Find(string name) => _statements.GetValueOrDefault(name) ?? SessionStatement.Unseen;

    /// <summary>A statement that makes or forgets one, or may do so unseen, is about to run.</summary>
    public void Note(MySqlStatement statement, bool runsCode)
    {
        if (runsCode)
            _statements.Clear();
        if (statement.Facts.Defines is not { } defined)
            return;
        // One more than the limit is unseen, and so are those before it.
        if (_statements.Count >= limit)
            _statements.Clear();
        _statements[defined.Name] = statement.Prepares ?? SessionStatement.Unseen;
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
        foreach (var (name, statement) in _statements)
            copy._statements[name] = statement;
        return copy;
    }
}
