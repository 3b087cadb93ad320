using System.Text;
using WireGuardian.Core.Statements;
using WireGuardian.Sql.Postgres;

namespace WireGuardian.Sql.Tests.Postgres;

/// <summary>Short ways to ask for facts in tests.</summary>
internal static class Sql
{
    public static IReadOnlyList<StatementFacts> All(string sql) => PostgresAnalyzer.Analyze(Encoding.UTF8.GetBytes(sql), PostgresSqlSettings.Default);

    public static StatementFacts One(string sql)
    {
        var all = All(sql);
        Assert.That(all, Has.Count.EqualTo(1), sql);
        return all[0];
    }

    public static string Kinds(string sql) => string.Join(' ', One(sql).Kinds.ToNames());

    public static string Names(IEnumerable<Identifier> names) => string.Join(' ', names.Select(n => n.ToString()).Order(StringComparer.Ordinal));
}
