namespace WireGuardian.Sql.MySql;

/// <summary>The parts of sql_mode that change how text reads (manual, "Server SQL Modes").</summary>
[Flags]
public enum MySqlSqlModes
{
    None = 0,

    /// <summary><c>"x"</c> is a name, not a string.</summary>
    AnsiQuotes = 1 << 0,

    /// <summary>A backslash in a string is a character like any other.</summary>
    NoBackslashEscapes = 1 << 1,

    /// <summary><c>||</c> joins strings.</summary>
    PipesAsConcat = 1 << 2,

    /// <summary>Blanks may stand between a built-in function and its parenthesis.</summary>
    IgnoreSpace = 1 << 3,
    HighNotPrecedence = 1 << 4,

    /// <summary>MariaDB's mode for Oracle's language: BEGIN starts a block, packages, <c>name%TYPE</c>.</summary>
    Oracle = 1 << 5,
}
