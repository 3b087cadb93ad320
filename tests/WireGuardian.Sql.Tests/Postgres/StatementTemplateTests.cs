using System.Text;
using WireGuardian.Sql.Postgres;

namespace WireGuardian.Sql.Tests.Postgres;

/// <summary>Statements share a template when they differ in values alone, and only then.</summary>
public sealed class StatementTemplateTests
{
    [TestCase("select * from t where id = 1", "select * from t where id = 999999999")]
    [TestCase("select * from t where a = 'x'", "select *\n from t /* why */ where a='it''s'")]
    [TestCase("select * from t where a = E'x'", "select * from t where a = E'\\n'")]
    [TestCase("select * from t where a in (1, 2)", "select * from t where a in (3, 4)")]
    [TestCase("select * from t order by a limit 10", "select * from t order by a limit 20 -- more")]
    [TestCase("select (select count(*) from t group by 1), 5", "select (select count(*) from t group by 1), 6")]
    [TestCase("select a::varchar(10) from t", "select a::varchar(20) from t")]
    public void Values_are_taken_out(string one, string other) => Assert.That(Template(one), Is.EqualTo(Template(other)).And.Not.Empty);

    [TestCase("select a, b from t order by 1", "select a, b from t order by 2")]
    [TestCase("select a, b from t order by a, 1 limit 5", "select a, b from t order by a, 2 limit 5")]
    [TestCase("select a, b from t group by (1), 2", "select a, b from t group by (2), 1")]
    [TestCase("select a, b from t group by rollup (1, 2)", "select a, b from t group by rollup (2, 1)")]
    [TestCase("select distinct on (1) a, b from t", "select distinct on (2) a, b from t")]
    [TestCase("select f(999999999)", "select f(9999999999)")]
    [TestCase("select f(1)", "select f(1.0)")]
    [TestCase("select f(1)", "select f('1')")]
    [TestCase("select f('1')", "select f(N'1')")]
    [TestCase("select f('1')", "select f(B'1')")]
    [TestCase("select B'1'", "select B'0'")]
    [TestCase("select f($1)", "select f($2)")]
    [TestCase("select \"a\" from t", "select \"b\" from t")]
    [TestCase("select U&\"d!0061t\" uescape '!' from t", "select U&\"d!0061t\" uescape '?' from t")]
    [TestCase("select a b from t", "select ab from t")]
    [TestCase("select 'a' 'b'", "select 'ab'")]
    public void What_may_change_the_meaning_stays(string one, string other) => Assert.That(Template(one), Is.Not.EqualTo(Template(other)));

    [Test]
    public void Backslashes_read_as_the_server_reads_them()
    {
        const string sql = @"select 'a\' from t where b = '";
        Assert.That(Template(sql + "' || 'x'", standardConformingStrings: true), Is.Not.EqualTo(Template(sql + "' || 'x'", standardConformingStrings: false)));
    }

    [Test]
    public void What_does_not_fit_or_cannot_be_read_has_none()
    {
        var sql = "select a from t"u8;
        Assert.That(StatementTemplate.Write(sql, true, new byte[15]), Is.EqualTo(-1));
        Assert.That(StatementTemplate.Write(sql, true, new byte[64]), Is.EqualTo(sql.Length + 1));
        Assert.That(StatementTemplate.Write("select 'a"u8, true, new byte[64]), Is.EqualTo(-1));
    }

    private static string Template(string sql, bool standardConformingStrings = true)
    {
        var destination = new byte[1024];
        var length = StatementTemplate.Write(Encoding.UTF8.GetBytes(sql), standardConformingStrings, destination);
        return length < 0 ? "" : Encoding.UTF8.GetString(destination.AsSpan(0, length));
    }
}
