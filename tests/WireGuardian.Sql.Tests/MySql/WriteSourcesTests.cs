using WireGuardian.Core.Statements;

namespace WireGuardian.Sql.Tests.MySql;

/// <summary>Sources in short: target[.column]:names read, with a star where whole rows may be read.</summary>
public sealed class WriteSourcesTests
{
    private static string Sources(string sql) => string.Join("; ", Sql.One(sql).Facts.WriteSources.Select(One));

    private static string One(WriteSource source) =>
        $"{source.Target}{(source.TargetColumn is null ? "" : "." + source.TargetColumn)}:{Sql.Names(source.Reads)}{(source.ReadsWholeRow ? " *" : "")}";

    [TestCase("INSERT INTO t VALUES (1, 'a', ?, NULL)", "")]
    [TestCase("INSERT INTO t (a, b) VALUES (1, 2)", "")]
    [TestCase("INSERT INTO t SET a = 1", "")]
    [TestCase("INSERT INTO t SELECT a FROM u", "t:a u")]
    [TestCase("INSERT INTO t (x) SELECT * FROM u", "t:u *")]
    [TestCase("INSERT INTO t TABLE u", "t:u *")]
    [TestCase("INSERT INTO t (SELECT a FROM u)", "t:a u")]
    [TestCase("REPLACE INTO t SELECT a FROM u", "t:a u")]
    [TestCase("INSERT INTO t VALUES ((SELECT max(ssn) FROM people))", "t:max people ssn")]
    [TestCase("INSERT INTO t SET a = (SELECT ssn FROM people)", "t.a:people ssn")]
    [TestCase("INSERT INTO t VALUES (1) ON DUPLICATE KEY UPDATE a = 2", "")]
    [TestCase("INSERT INTO t VALUES (1) ON DUPLICATE KEY UPDATE a = values(b)", "t.a:b")]
    [TestCase("INSERT INTO t SELECT a FROM u ON DUPLICATE KEY UPDATE b = u.c", "t:a u; t.b:a u u.c")]
    [TestCase("INSERT INTO t VALUES (@v)", "t:")]
    [TestCase("UPDATE t SET a = 1, b = 'x' WHERE c = 2", "")]
    [TestCase("UPDATE t SET a = b + 1, c = 2 WHERE d = 3", "t.a:b")]
    [TestCase("UPDATE t AS x SET x.a = x.b", "t.a:x x.b")]
    [TestCase("UPDATE t SET a = (SELECT ssn FROM people LIMIT 1) ORDER BY b LIMIT 1", "t.a:people ssn")]
    [TestCase("UPDATE t, u SET t.a = u.b", ".a:t u u.b")]
    [TestCase("UPDATE t JOIN (SELECT ssn AS b FROM people) u SET t.a = u.b", ".a:b people ssn t u u.b")]
    [TestCase("CREATE TABLE t SELECT a FROM u", "t:a u")]
    [TestCase("CREATE TABLE d.t AS SELECT * FROM u", "d.t:u *")]
    [TestCase("CREATE TABLE t (a int)", "")]
    [TestCase("SELECT ssn INTO @a FROM people", ":people ssn *")]
    [TestCase("SELECT ssn FROM people INTO OUTFILE 'x'", ":people ssn *")]
    [TestCase("SELECT @a := ssn FROM people", ":people ssn *")]
    [TestCase("SELECT ssn FROM people", "")]
    [TestCase("SET @a = (SELECT ssn FROM people)", ":people ssn *")]
    [TestCase("SET @a = 1", "")]
    [TestCase("DO @a := (SELECT ssn FROM people)", ":people ssn *")]
    [TestCase("UPDATE t SET a = 1 WHERE (@v := ssn)", ":a ssn t *")]
    [TestCase("DELETE FROM people WHERE (@v := ssn) = 1", ":people ssn *")]
    [TestCase("CALL p((SELECT ssn FROM people), @a)", ":p people ssn *")]
    [TestCase("LOAD DATA INFILE 'x' INTO TABLE t (a)", "")]
    [TestCase("ALTER TABLE t EXCHANGE PARTITION p WITH TABLE u", ":exchange p partition t u *")]
    [TestCase("ALTER TABLE t ADD b text AS (ssn)", ":b ssn t text *")]
    [TestCase("EXPLAIN INSERT INTO t SELECT ssn FROM people", "")]
    [TestCase("ANALYZE INSERT INTO t SELECT ssn FROM people", "t:people ssn")]
    [TestCase("BEGIN NOT ATOMIC INSERT INTO t SELECT ssn FROM people; END", ":atomic end people ssn t *")]
    [TestCase("PREPARE s FROM 'INSERT INTO t SELECT ssn FROM people'", "t:people ssn")]
    [TestCase("DELETE FROM t", "")]
    [TestCase("SET timestamp = (SELECT salary FROM wages)", ":salary timestamp wages *")]
    [TestCase("SET @@session.insert_id = 5", "")]
    [TestCase("SELECT last_insert_id(ssn) FROM people", ":last_insert_id people ssn *")]
    [TestCase("SELECT last_insert_id() FROM people", "")]
    [TestCase("DO get_lock((SELECT ssn FROM people), 1)", ":get_lock people ssn *")]
    public void What_is_written_is_told_with_what_it_is_computed_from(string sql, string sources) => Assert.That(Sources(sql), Is.EqualTo(sources));
}
