using System.Buffers.Text;

namespace WireGuardian.MySql.Relay;

/// <summary>Reads the connection that a KILL statement is for: a statement of ours that waits there is taken back.</summary>
public static class KillText
{
    private static ReadOnlySpan<byte> Kill => "kill"u8;

    private static readonly string[] Words = ["connection", "query", "hard", "soft"];

    /// <summary>0 where the text is no KILL of a plain number.</summary>
    public static ulong Target(ReadOnlySpan<byte> sql)
    {
        sql = sql.Trim(" \t\r\n;"u8);
        if (!TakeWord(ref sql, Kill))
            return 0;
        foreach (var word in Words.Reverse())
            TakeWord(ref sql, System.Text.Encoding.ASCII.GetBytes(word));
        return Utf8Parser.TryParse(sql, out ulong id, out var used) && used == sql.Length ? id : 0;
    }

    private static bool TakeWord(ref ReadOnlySpan<byte> sql, ReadOnlySpan<byte> word)
    {
        if (sql.Length <= word.Length || !System.Text.Ascii.EqualsIgnoreCase(sql[..word.Length], word) || sql[word.Length] is not ((byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r'))
            return false;
        sql = sql[word.Length..].TrimStart(" \t\r\n"u8);
        return true;
    }
}
