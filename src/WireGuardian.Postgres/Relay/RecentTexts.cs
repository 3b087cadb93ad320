using WireGuardian.Core.Statements;
using WireGuardian.Sql.Lexing;
using WireGuardian.Sql.Postgres;

namespace WireGuardian.Postgres.Relay;

/// <summary>
/// The statements of the last few simple queries of a session, found again by the text's own bytes under the same settings: a text that recurs, or one that
/// differs from it in numbers alone, is not read, masked or judged anew. Texts that were seen only once are not kept.
/// </summary>
public sealed class RecentTexts
{
    private const int Places = 16;
    private const int LongestText = 1 << 10;
    private const int UsualText = 1 << 8;

    /// <summary>Of these the analyzer never looks at a number's value. EXPLAIN (ANALYZE 0) and SET are others.</summary>
    private const StatementKinds BlindToNumbers =
        StatementKinds.Select | StatementKinds.Insert | StatementKinds.Update | StatementKinds.Delete | StatementKinds.Merge;

    private readonly record struct Entry(int Hash, PostgresSqlSettings? Settings, PreparedStatement? Statement, byte[]? Template);

    private readonly Entry[] _entries = new Entry[Places];

    /// <summary>The statement of this text, analysed anew unless it is kept.</summary>
    public PreparedStatement Find(ReadOnlySpan<byte> sql, PostgresSqlSettings settings)
    {
        if (sql.Length > LongestText)
            return Analyze(sql, settings);
        Span<byte> room = sql.Length > UsualText ? stackalloc byte[LongestText] : stackalloc byte[UsualText];
        var hasTemplate = NumberTemplate.TryWrite(sql, room);
        var template = hasTemplate ? room[..sql.Length] : sql;
        var hash = ByteNameComparer.Instance.GetHashCode(template);
        ref var entry = ref _entries[hash & (Places - 1)];
        if (entry.Hash != hash)
        {
            entry = new(hash, null, null, null);
            return Analyze(sql, settings);
        }
        if (entry.Statement is { } known && entry.Settings == settings)
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
        var statement = Analyze(sql, settings);
        entry = new(hash, settings, statement, hasTemplate && IsBlindToNumbers(statement) ? template.ToArray() : null);
        return statement;
    }

    private static bool IsBlindToNumbers(PreparedStatement statement) =>
        !statement.DependsOnNames && statement.Facts.All(facts => !facts.IsOpaque && (facts.Kinds & ~BlindToNumbers) == StatementKinds.None);

    private static PreparedStatement Analyze(ReadOnlySpan<byte> sql, PostgresSqlSettings settings) => new(sql.ToArray(), PostgresAnalyzer.Analyze(sql, settings));
}
