namespace WireGuardian.Sql.MySql;

/// <summary>All that changes how a session's text reads.</summary>
/// <param name="Server">The server: executable comments depend on it.</param>
/// <param name="Modes">What of sql_mode matters.</param>
/// <param name="Encoding">What character_set_client allows.</param>
public sealed record MySqlSqlSettings(MySqlServerVersion Server, MySqlSqlModes Modes, MySqlTextEncoding Encoding)
{
    /// <summary>
    /// True where <see cref="Modes"/> or <see cref="Encoding"/> may no longer be what the server has. Then only text that reads the same under all of them
    /// is read (<see cref="MySqlAnalyzer.ReadsAlways"/>), any other is opaque.
    /// </summary>
    public bool IsUncertain { get; init; }

    /// <summary>What a session has by default on this server.</summary>
    public static MySqlSqlSettings For(MySqlServerVersion server) => new(server, MySqlSqlModes.None, MySqlTextEncoding.Utf8);

    internal bool IsMariaDb => Server.Flavour == MySqlFlavour.MariaDb;

    internal bool Has(MySqlSqlModes mode) => (Modes & mode) != 0;

    /// <summary>
    /// Reads a value of sql_mode, as the server shows it or as SET takes it: names with commas between them, the names that stand for several included. False for one
    /// that is not made of names (a number, an expression): what it means is not known then.
    /// </summary>
    public static bool TryParseModes(string sqlMode, MySqlFlavour flavour, out MySqlSqlModes modes)
    {
        modes = MySqlSqlModes.None;
        foreach (var part in sqlMode.Split(','))
        {
            var name = part.Trim().ToUpperInvariant();
            if (name.Length > 0 && !char.IsAsciiLetter(name[0]))
                return false;
            modes |= name switch
            {
                "ANSI_QUOTES" => MySqlSqlModes.AnsiQuotes,
                "NO_BACKSLASH_ESCAPES" => MySqlSqlModes.NoBackslashEscapes,
                "PIPES_AS_CONCAT" => MySqlSqlModes.PipesAsConcat,
                "IGNORE_SPACE" => MySqlSqlModes.IgnoreSpace,
                "HIGH_NOT_PRECEDENCE" => MySqlSqlModes.HighNotPrecedence,
                "ANSI" or "DB2" or "MAXDB" or "MSSQL" or "POSTGRESQL" =>
                    MySqlSqlModes.AnsiQuotes | MySqlSqlModes.PipesAsConcat | MySqlSqlModes.IgnoreSpace,
                "ORACLE" => MySqlSqlModes.AnsiQuotes | MySqlSqlModes.PipesAsConcat | MySqlSqlModes.IgnoreSpace
                    | (flavour == MySqlFlavour.MariaDb ? MySqlSqlModes.Oracle : MySqlSqlModes.None),
                "MYSQL323" or "MYSQL40" => MySqlSqlModes.HighNotPrecedence,
                _ => MySqlSqlModes.None,
            };
        }

        return true;
    }
}
