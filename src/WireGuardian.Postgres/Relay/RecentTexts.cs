using WireGuardian.Sql.Postgres;

namespace WireGuardian.Postgres.Relay;

/// <summary>
/// The statements of the last few simple queries of a session, found again by the text's own bytes under the same settings: a text that recurs is not read,
/// masked or judged anew, and nothing is allocated for it. Texts that were seen only once are not kept.
/// </summary>
public sealed class RecentTexts
{
    private const int Places = 16;
    private const int LongestText = 1 << 10;

    private readonly record struct Entry(int Hash, PostgresSqlSettings? Settings, PreparedStatement? Statement);

    private readonly Entry[] _entries = new Entry[Places];

    /// <summary>The statement of this text, analysed anew unless it is kept.</summary>
    public PreparedStatement Find(ReadOnlySpan<byte> sql, PostgresSqlSettings settings)
    {
        if (sql.Length > LongestText)
            return Analyze(sql, settings);
        var hash = ByteNameComparer.Instance.GetHashCode(sql);
        ref var entry = ref _entries[hash & (Places - 1)];
        if (entry.Hash != hash)
        {
            entry = new(hash, null, null);
            return Analyze(sql, settings);
        }
        if (entry.Statement is null || entry.Settings != settings || !sql.SequenceEqual(entry.Statement.Text))
            entry = new(hash, settings, Analyze(sql, settings));
        return entry.Statement!;
    }

    private static PreparedStatement Analyze(ReadOnlySpan<byte> sql, PostgresSqlSettings settings) =>
        new(sql.ToArray(), PostgresAnalyzer.Analyze(sql, settings), settings);
}
