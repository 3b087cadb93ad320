using System.Text;
using WireGuardian.Sql.MySql;

namespace WireGuardian.Sql.Lexing;

/// <summary>What a token of MySQL's spells: names without their quotes, literals without their escapes.</summary>
internal static class MySqlTokenText
{
    /// <summary>The name, folded, or null where the token is none.</summary>
    public static string? Name(ReadOnlySpan<byte> text, MySqlToken token)
    {
        var bytes = text[token.Start..token.End];
        return token.Kind switch
        {
            MySqlTokenKind.Word when token.Keyword != MySqlKeyword.NoKeyword => token.Keyword.Text(),
            MySqlTokenKind.Word => Fold(bytes),
            MySqlTokenKind.QuotedIdentifier => Fold(Undouble(bytes)),
            _ => null,
        };
    }

    /// <summary>The name as it is written, without its quotes, or null where the token is none.</summary>
    public static string? Unquoted(ReadOnlySpan<byte> text, MySqlToken token) => token.Kind switch
    {
        MySqlTokenKind.Word => Encoding.UTF8.GetString(text[token.Start..token.End]),
        MySqlTokenKind.QuotedIdentifier => Encoding.UTF8.GetString(Undouble(text[token.Start..token.End])),
        _ => null,
    };

    /// <summary>The name of a user variable without its at sign, folded; null where the token is none.</summary>
    public static string? Variable(ReadOnlySpan<byte> text, MySqlToken token, MySqlSqlSettings settings)
    {
        if (token.Kind != MySqlTokenKind.UserVariable)
            return null;
        var bytes = text[(token.Start + 1)..token.End];
        return bytes.IsEmpty || bytes[0] is not ((byte)'`' or (byte)'"' or (byte)'\'')
            ? Fold(bytes)
            : bytes[0] == '`' || (bytes[0] == '"' && settings.Has(MySqlSqlModes.AnsiQuotes))
                ? Fold(Undouble(bytes))
                : Fold(Unescape(bytes, settings));
    }

    /// <summary>The bytes that a string stands for, or null where the token is none, or one in digits.</summary>
    public static byte[]? Literal(ReadOnlySpan<byte> text, MySqlToken token, MySqlSqlSettings settings)
    {
        if (token.Kind != MySqlTokenKind.String)
            return null;
        var bytes = text[token.Start..token.End];
        if (bytes[0] == '$')
        {
            var tag = bytes[1..].IndexOf((byte)'$') + 2;
            return bytes[tag..^tag].ToArray();
        }

        return Unescape(bytes[0] is (byte)'n' or (byte)'N' ? bytes[1..] : bytes, settings);
    }

    private static string Fold(ReadOnlySpan<byte> name) => MySqlNames.Fold(Encoding.UTF8.GetString(name));

    /// <summary>Takes the quotes off; a doubled one inside becomes one.</summary>
    private static byte[] Undouble(ReadOnlySpan<byte> quoted)
    {
        var quote = quoted[0];
        var result = new byte[quoted.Length];
        var length = 0;
        for (var i = 1; i < quoted.Length - 1; i++)
        {
            result[length++] = quoted[i];
            if (quoted[i] == quote)
                i++;
        }

        return result[..length];
    }

    /// <summary>The escapes of a string (manual, "String Literals"). <c>\%</c> and <c>\_</c> stay as they are: they are for LIKE.</summary>
    private static byte[] Unescape(ReadOnlySpan<byte> quoted, MySqlSqlSettings settings)
    {
        var quote = quoted[0];
        var hasEscapes = !settings.Has(MySqlSqlModes.NoBackslashEscapes);
        var result = new byte[quoted.Length];
        var length = 0;
        for (var i = 1; i < quoted.Length - 1; i++)
        {
            var b = quoted[i];
            if (b == quote)
            {
                i++;
            }
            else if (b == '\\' && hasEscapes)
            {
                b = quoted[++i];
                if (b is (byte)'%' or (byte)'_')
                    result[length++] = (byte)'\\';
                b = b switch { (byte)'0' => 0, (byte)'b' => 8, (byte)'t' => 9, (byte)'n' => 10, (byte)'r' => 13, (byte)'Z' => 26, _ => b };
            }

            result[length++] = b;
        }

        return result[..length];
    }
}
