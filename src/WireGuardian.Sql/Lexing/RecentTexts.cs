namespace WireGuardian.Sql.Lexing;

/// <summary>
/// The last few texts of a session that came more than once, found again by their own bytes under the same settings: a text that recurs, or one that differs from it
/// in numbers alone, is not read, masked or judged anew.
/// </summary>
/// <typeparam name="TStatement">What is kept of a text.</typeparam>
/// <typeparam name="TSettings">What a text is read under.</typeparam>
/// <param name="read">Reads a text that is not kept.</param>
public sealed class RecentTexts<TStatement, TSettings>(RecentTexts<TStatement, TSettings>.Reader read)
    where TStatement : class, IReadText<TStatement>
    where TSettings : IEquatable<TSettings>
{
    private const int Places = 16;
    private const int LongestText = 1 << 10;
    private const int UsualText = 1 << 8;

    private readonly record struct Entry(int Hash, TSettings? Settings, TStatement? Statement, byte[]? Template);

    private readonly Entry[] _entries = new Entry[Places];

    /// <summary>Reads a text.</summary>
    public delegate TStatement Reader(ReadOnlySpan<byte> sql, TSettings settings);

    /// <summary>The statement of this text, read anew unless it is kept.</summary>
    public TStatement Find(ReadOnlySpan<byte> sql, TSettings settings)
    {
        if (sql.Length > LongestText)
            return read(sql, settings);
        Span<byte> room = sql.Length > UsualText ? stackalloc byte[LongestText] : stackalloc byte[UsualText];
        var hasTemplate = NumberTemplate.TryWrite(sql, room);
        var template = hasTemplate ? room[..sql.Length] : sql;
        var hash = HashOf(template);
        ref var entry = ref _entries[hash & (Places - 1)];
        if (entry.Hash != hash)
        {
            entry = new(hash, default, null, null);
            return read(sql, settings);
        }
        if (entry.Statement is { } known && settings.Equals(entry.Settings))
        {
            if (sql.SequenceEqual(known.Text))
                return known;
            if (entry.Template is not null && template.SequenceEqual(entry.Template))
            {
                // Kept in its place: what is found out about it is of use to the next one.
                entry = entry with { Statement = known.WithOtherNumbers(sql.ToArray()) };
                return entry.Statement;
            }
        }
        var statement = read(sql, settings);
        entry = new(hash, settings, statement, hasTemplate && statement.IsBlindToNumbers ? template.ToArray() : null);
        return statement;
    }

    private static int HashOf(ReadOnlySpan<byte> bytes)
    {
        var hash = new HashCode();
        hash.AddBytes(bytes);
        return hash.ToHashCode();
    }
}
