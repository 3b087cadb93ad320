using System.Buffers;
using System.Text;
using WireGuardian.Core.Statements;
using WireGuardian.Sql.MySql;

namespace WireGuardian.MySql.Relay;

/// <summary>Statements whose rows tell of tables and columns, not of what is in them: SHOW and DESCRIBE. Their rows need no masks; their errors do.</summary>
public static class MetadataText
{
    private static readonly SearchValues<byte> WordBytes = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789"u8);

    private static readonly string[] Explained =
        ["select", "insert", "update", "delete", "replace", "with", "table", "values", "format", "extended", "partitions", "analyze", "for"];

    /// <param name="statement">The statement; the analyzer understood it.</param>
    /// <param name="text">The text that it stands in.</param>
    public static bool Is(MySqlStatement statement, ReadOnlySpan<byte> text)
    {
        var facts = statement.Facts;
        if (facts.IsOpaque || statement.SideOutputs != SideOutputs.None || facts.Text.End.Value > text.Length)
            return false;
        var rest = text[facts.Text];
        var first = Word(ref rest);
        if (facts.Kinds == StatementKinds.Session)
            return first == "show";
        return facts.Kinds == StatementKinds.Explain && first is ("describe" or "desc" or "explain") && IsName(rest);
    }

    private static bool IsName(ReadOnlySpan<byte> rest)
    {
        if (rest.IsEmpty || !(char.IsAsciiLetter((char)rest[0]) || rest[0] is (byte)'`' or (byte)'_'))
            return false;
        return rest[0] == '`' || !Explained.Contains(Word(ref rest));
    }

    private static string Word(ref ReadOnlySpan<byte> text)
    {
        var length = text.IndexOfAnyExcept(WordBytes);
        var word = length < 0 ? text : text[..length];
        text = text[word.Length..].TrimStart(" \t\r\n"u8);
        return Encoding.ASCII.GetString(word).ToLowerInvariant();
    }
}
