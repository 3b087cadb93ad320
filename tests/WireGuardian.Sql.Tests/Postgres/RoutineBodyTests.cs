using System.Text;
using WireGuardian.Core.Statements;
using WireGuardian.Sql.Postgres;

namespace WireGuardian.Sql.Tests.Postgres;

public sealed class RoutineBodyTests
{
    private static RoutineFacts Scan(string body) => RoutineBody.Scan(Encoding.UTF8.GetBytes(body));

    [TestCase("SELECT 1", "select")]
    [TestCase("BEGIN INSERT INTO t VALUES (1); UPDATE t SET a = 1; DELETE FROM t; END", "insert update delete")]
    [TestCase("BEGIN SELECT a INTO x FROM t FOR UPDATE; END", "select")]
    [TestCase("BEGIN DROP TABLE t; TRUNCATE u; END", "delete ddl")]
    [TestCase("BEGIN ALTER ROLE r SUPERUSER; END", "ddl privilege")]
    [TestCase("BEGIN a := pg_read_file('x'); END", "export")]
    [TestCase("BEGIN RETURN 'x; END", "unclassified")]
    public void Kinds_are_those_of_what_may_run(string body, string kinds) =>
        Assert.That(string.Join(' ', Scan(body).Kinds.ToNames()), Is.EqualTo(kinds));

    [TestCase("BEGIN EXECUTE 'x'; END", true)]
    [TestCase("BEGIN RETURN QUERY EXECUTE format('%s', a); END", true)]
    [TestCase("SELECT query_to_xml(a, true, true, '')", true)]
    [TestCase("BEGIN 'unterminated", true)]
    [TestCase("BEGIN RETURN 'EXECUTE'; END -- EXECUTE", false)]
    public void Dynamic_sql_is_seen(string body, bool isDynamic) => Assert.That(Scan(body).HasDynamicSql, Is.EqualTo(isDynamic));

    [TestCase("BEGIN FETCH c INTO r; END", true)]
    [TestCase("BEGIN FETCH NEXT FROM c INTO r; END", true)]
    [TestCase("BEGIN MOVE c; END", true)]
    [TestCase("DECLARE c refcursor; BEGIN END", true)]
    [TestCase("SELECT 1 FETCH FIRST 5 ROWS ONLY", false)]
    [TestCase("SELECT 1 FETCH NEXT ROW ONLY", false)]
    [TestCase("SELECT 1 FETCH FIRST (1 + 1) ROWS WITH TIES", false)]
    public void Reading_a_cursor_is_seen(string body, bool reads) => Assert.That(Scan(body).ReadsCursor, Is.EqualTo(reads));

    [Test]
    public void A_body_that_reads_differently_under_another_setting_is_read_both_ways()
    {
        var facts = Scan(@"SELECT 'a\' || x, 'b' || y || '' FROM t; --'");
        Assert.That(facts.Identifiers, Is.SupersetOf(new[] { new Identifier(null, "x"), new Identifier(null, "y"), new Identifier(null, "b") }.Take(2)));
    }
}
