using WireGuardian.MySql.Client;
using WireGuardian.Sql.MySql;

namespace WireGuardian.MySql.Catalog;

/// <summary>Asks the server whether a text is SQL at all: it is prepared and forgotten, nothing is executed.</summary>
internal static class SyntaxOracle
{
    private const ushort ParseError = 1064;

    private static readonly (MySqlSqlModes Mode, string Name)[] Modes =
    [
        (MySqlSqlModes.AnsiQuotes, "ANSI_QUOTES"), (MySqlSqlModes.NoBackslashEscapes, "NO_BACKSLASH_ESCAPES"), (MySqlSqlModes.PipesAsConcat, "PIPES_AS_CONCAT"),
        (MySqlSqlModes.IgnoreSpace, "IGNORE_SPACE"), (MySqlSqlModes.HighNotPrecedence, "HIGH_NOT_PRECEDENCE"), (MySqlSqlModes.Oracle, "ORACLE"),
    ];

    /// <summary>True only for a syntax error; a statement that cannot be prepared for another reason may well run.</summary>
    public static async Task<bool> RefusesAsync(MySqlConnection connection, ReadOnlyMemory<byte> sql, MySqlSqlSettings settings, CancellationToken cancellationToken)
    {
        // Of several statements a preparation refuses the second, whatever it is.
        if (sql.Span.TrimEnd(" \t\r\n;"u8).Contains((byte)';'))
            return false;
        var modes = string.Join(',', Modes.Where(mode => settings.Modes.HasFlag(mode.Mode)).Select(mode => mode.Name));
        await connection.QueryAsync($"SET SESSION sql_mode = '{modes}'", cancellationToken);
        try
        {
            await connection.PrepareAsync(sql, cancellationToken);
            return false;
        }
        catch (ServerErrorException refusal)
        {
            return refusal.Code == ParseError;
        }
    }
}
