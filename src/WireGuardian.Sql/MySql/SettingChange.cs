namespace WireGuardian.Sql.MySql;

/// <summary>Which value of a system variable a statement sets.</summary>
public enum SettingScope
{
    Session,
    Global,

    /// <summary>SET PERSIST: the global value, and that of later starts.</summary>
    Persist,

    /// <summary>SET PERSIST_ONLY: that of later starts.</summary>
    PersistOnly,

    /// <summary>MariaDB's SET STATEMENT … FOR: for the one statement.</summary>
    Statement,
}

/// <summary>A system variable that a statement sets. SET NAMES and SET CHARACTER SET count as what they set.</summary>
/// <param name="Scope">Which value of it.</param>
/// <param name="Name">Its name, folded.</param>
/// <param name="Value">The value where it is a literal or a plain word; null where it is anything else (DEFAULT, an expression): ask the server then.</param>
public sealed record SettingChange(SettingScope Scope, string Name, string? Value);
