using WireGuardian.Sql.MySql;

namespace WireGuardian.MySql.Relay;

/// <summary>What PREPARE made of a text.</summary>
/// <param name="Statement">What the analyzer found in it.</param>
/// <param name="Settings">How it was read. MySQL reads it again, by the settings of then, once something that it uses has changed.</param>
/// <param name="Database">The session's own database when it was prepared: names without one mean relations of it, wherever the session is later.</param>
public sealed record PreparedText(MySqlStatement Statement, MySqlSqlSettings Settings, string? Database)
{
    /// <summary>True where the text reads under these settings as it did under its own.</summary>
    public bool ReadsUnder(MySqlSqlSettings settings) => Statement.ReadsAlways || (!settings.IsUncertain && !Settings.IsUncertain && settings == Settings);
}
