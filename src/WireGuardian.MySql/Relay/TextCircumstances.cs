using WireGuardian.Sql.MySql;

namespace WireGuardian.MySql.Relay;

/// <summary>What a text of a session is read under.</summary>
/// <param name="Settings">How the server reads it.</param>
/// <param name="Database">The session's own database; null where it is not known, or none.</param>
/// <param name="IsGuessed">The settings are not known, and no rule makes it matter.</param>
public readonly record struct TextCircumstances(MySqlSqlSettings Settings, string? Database, bool IsGuessed);
