using System.Text;
using WireGuardian.Core.Statements;
using WireGuardian.Sql.MySql;

namespace WireGuardian.Sql.Tests.MySql;

/// <summary>Short ways to ask for facts in tests.</summary>
internal static class Sql
{
    public static MySqlSqlSettings MariaDb { get; } = MySqlSqlSettings.For(new MySqlServerVersion(MySqlFlavour.MariaDb, 101119));

    public static MySqlSqlSettings MySql { get; } = MySqlSqlSettings.For(new MySqlServerVersion(MySqlFlavour.MySql, 90701));

    public static IReadOnlyList<MySqlStatement> All(string sql, MySqlSqlSettings? settings = null) =>
        MySqlAnalyzer.Analyze(Encoding.UTF8.GetBytes(sql), settings ?? MariaDb);

    public static MySqlStatement One(string sql, MySqlSqlSettings? settings = null)
    {
        var all = All(sql, settings);
        Assert.That(all, Has.Count.EqualTo(1), sql);
        return all[0];
    }

    public static string Kinds(string sql, MySqlSqlSettings? settings = null) => string.Join(' ', One(sql, settings).Facts.Kinds.ToNames());

    /// <summary>The kinds of each statement, with a bar between them.</summary>
    public static string AllKinds(string sql, MySqlSqlSettings? settings = null) =>
        string.Join('|', All(sql, settings).Select(one => string.Join(' ', one.Facts.Kinds.ToNames())));

    public static string Names(IEnumerable<Identifier> names) => string.Join(' ', names.Select(n => n.ToString()).Order(StringComparer.Ordinal));

    public static MySqlSqlSettings With(this MySqlSqlSettings settings, MySqlSqlModes modes) => settings with { Modes = modes };
}
