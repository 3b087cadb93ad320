using WireGuardian.Sql.MySql;

namespace WireGuardian.MySql.Relay;

/// <summary>The statements that PREPARE made, by their folded names. A name that is not in here may be anything: code can make one unseen.</summary>
public sealed class SqlPrepared(int limit)
{
    private readonly Dictionary<string, MySqlStatement> _statements = new(StringComparer.Ordinal);

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

    public void Clear() => _statements.Clear();
}
