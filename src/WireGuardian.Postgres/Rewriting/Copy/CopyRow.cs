using WireGuardian.Core.Statements;

namespace WireGuardian.Postgres.Rewriting.Copy;

/// <summary>The values in a row of a COPY in text or csv that has come as a whole.</summary>
internal static class CopyRow
{
    private const byte LineEnd = (byte)'\n';

    /// <summary>The next value as it is spelled, without the quotes around it. Total: what is malformed gives some value.</summary>
    /// <param name="rest">The rest of the row, not empty; moves on behind the value and what ends it.</param>
    /// <param name="copy">Text or csv.</param>
    public static Span<byte> NextValue(ref Span<byte> rest, CopyOut copy)
    {
        var isQuoted = copy.Format == CopyFormat.Csv && rest[0] == copy.Quote;
        var length = isQuoted ? QuotedLength(rest, copy) : EndOf(rest, copy.Delimiter, escape: copy.Format == CopyFormat.Text ? (byte)'\\' : (byte?)null);
        var value = isQuoted ? rest[1..Math.Max(1, length - 1)] : rest[..length];
        rest = rest[Math.Min(rest.Length, length + 1)..];
        return value;
    }

    private static int EndOf(ReadOnlySpan<byte> bytes, byte delimiter, byte? escape)
    {
        var at = 0;
        while (at < bytes.Length && bytes[at] != delimiter && bytes[at] != LineEnd)
            at += bytes[at] == escape ? 2 : 1;
        return Math.Min(at, bytes.Length);
    }

    /// <summary>Both quotes included. A quote that belongs to the value stands behind the escape, which may be a quote itself.</summary>
    private static int QuotedLength(ReadOnlySpan<byte> bytes, CopyOut copy)
    {
        var at = 1;
        while (at < bytes.Length)
        {
            if (bytes[at] == copy.Escape && at + 1 < bytes.Length && (bytes[at + 1] == copy.Quote || bytes[at + 1] == copy.Escape))
                at += 2;
            else if (bytes[at++] == copy.Quote)
                return at;
        }
        return bytes.Length;
    }
}
