using System.Buffers;
using WireGuardian.Sql.MySql;

namespace WireGuardian.Sql.Tests.MySql;

/// <summary>
/// A table of statements and their kinds, in Kinds.txt: the kinds, a bar, the statement. <c>mariadb:</c> or <c>mysql:</c> before the kinds limits a line to that
/// server.
/// </summary>
public sealed class KindsTests
{
    private static readonly SearchValues<char> Quoting = SearchValues.Create("'\"`@/#$");

    internal static IEnumerable<(MySqlSqlSettings Settings, string Kinds, string Sql)> Lines()
    {
        var path = Path.Combine(TestContext.CurrentContext.TestDirectory, "MySql", "Kinds.txt");
        foreach (var line in File.ReadLines(path))
        {
            var bar = line.IndexOf('|');
            if (bar < 0 || line[0] == '#')
                continue;
            var kinds = line[..bar].Trim();
            var sql = line[(bar + 1)..].Trim();
            if (!kinds.StartsWith("mysql:", StringComparison.Ordinal))
                yield return (Sql.MariaDb, kinds.Replace("mariadb:", "", StringComparison.Ordinal).Trim(), sql);
            if (!kinds.StartsWith("mariadb:", StringComparison.Ordinal))
                yield return (Sql.MySql, kinds.Replace("mysql:", "", StringComparison.Ordinal).Trim(), sql);
        }
    }

    private static IEnumerable<TestCaseData> Table() =>
        Lines().Select(line => new TestCaseData(line.Settings, line.Sql, line.Kinds).SetArgDisplayNames($"{line.Settings.Server.Flavour}: {line.Sql}"));

    [TestCaseSource(nameof(Table))]
    public void A_statement_has_the_kinds_of_the_table(MySqlSqlSettings settings, string sql, string kinds) =>
        Assert.That(Sql.Kinds(sql, settings), Is.EqualTo(kinds));

    [TestCaseSource(nameof(Table))]
    public void Comments_and_case_hide_nothing(MySqlSqlSettings settings, string sql, string kinds)
    {
        // Key words only: text in quotes means itself, and nothing may stand between a name and its at sign.
        if (!sql.AsSpan().ContainsAny(Quoting))
            Assert.That(Sql.Kinds("/* x */" + sql.ToUpperInvariant().Replace(" ", "/**/ -- x\n# y\n", StringComparison.Ordinal), settings), Is.EqualTo(kinds));
    }

    [TestCaseSource(nameof(Table))]
    public void An_executable_comment_hides_nothing(MySqlSqlSettings settings, string sql, string kinds)
    {
        if (!sql.Contains("*/", StringComparison.Ordinal) && !sql.Contains(';', StringComparison.Ordinal))
            Assert.That(Sql.Kinds($"/*! {sql} */", settings), Is.EqualTo(kinds));
    }

    [TestCaseSource(nameof(Table))]
    public void Every_statement_is_read_to_its_end(MySqlSqlSettings settings, string sql, string kinds)
    {
        var all = Sql.All(sql + "; DROP TABLE x", settings);
        Assert.That(all, Has.Count.EqualTo(2));
        Assert.That(all[1].Facts.Kinds, Is.EqualTo(Core.Statements.StatementKinds.Ddl));
    }
}
