using System.Text;
using WireGuardian.Core.Statements;
using WireGuardian.Sql.Postgres;

namespace WireGuardian.Sql.Tests.Postgres;

public sealed class StatementFactsTests
{
    [TestCase("SELECT a.b.c FROM x", "a a.b b.c x")]
    [TestCase("SELECT a.* FROM A", "a")]
    [TestCase("SELECT \"A\" FROM \"b c\"", "A b c")]
    [TestCase("SELECT f(x), y::z FROM t", "f t x y z")]
    [TestCase("SELECT name, value, t.select FROM t", "name t t.select value")]
    [TestCase("SELECT left(a, 1) FROM t LEFT JOIN u USING (b)", "a b left t u")]
    [TestCase("SELECT (x).y FROM t ORDER BY z", "t x y z")]
    [TestCase("SELECT 'a', 1, $1, E'b', $$c$$", "")]
    [TestCase("SELECT U&\"\\0061b\"", "ab")]
    [TestCase("DO $$ BEGIN PERFORM a.b(); END $$", "a a.b perform")]
    [TestCase("DO 'BEGIN PERFORM \"X\"(); END'", "X perform")]
    [TestCase("DECLARE c CURSOR FOR SELECT a FROM t", "a c cursor t")]
    public void Identifiers_are_all_names_outside_literals(string sql, string names) =>
        Assert.That(Sql.Names(Sql.One(sql).Identifiers), Is.EqualTo(names));

    [Test]
    public void A_function_brings_the_names_of_its_body() =>
        Assert.That(
            Sql.One("CREATE FUNCTION f() RETURNS text LANGUAGE sql AS $$ SELECT ssn FROM hr.people $$").Identifiers,
            Is.SupersetOf(new[] { new Identifier(null, "ssn"), new Identifier("hr", "people") }));

    [TestCase("ALTER TABLE t ADD COLUMN c int", true)]
    [TestCase("ALTER TABLE t ADD COLUMN c int NOT NULL, DROP COLUMN d", true)]
    [TestCase("CREATE TEMP TABLE t (a int PRIMARY KEY, b text REFERENCES u (b))", true)]
    [TestCase("CREATE UNIQUE INDEX CONCURRENTLY i ON t (a, b)", true)]
    [TestCase("COMMENT ON TABLE t IS 'x'", true)]
    [TestCase("TRUNCATE t", true)]
    [TestCase("CREATE INDEX i ON t (f(a))", false)]
    [TestCase("CREATE TABLE t (a int DEFAULT f())", false)]
    [TestCase("CREATE TABLE t () INHERITS (u)", false)]
    [TestCase("CREATE TABLE t AS SELECT 1", false)]
    [TestCase("CREATE TABLE t (a int CHECK (f(a)))", false)]
    [TestCase("ALTER TABLE t RENAME TO u", false)]
    [TestCase("ALTER TABLE t RENAME COLUMN a TO b", false)]
    [TestCase("ALTER TABLE t SET SCHEMA s", false)]
    [TestCase("ALTER TABLE t ATTACH PARTITION u DEFAULT", false)]
    [TestCase("ALTER TABLE t ALTER a TYPE int USING f(a)", false)]
    [TestCase("ALTER TABLE t ENABLE TRIGGER g", false)]
    [TestCase("ALTER SCHEMA s RENAME TO t", false)]
    [TestCase("CREATE OR REPLACE VIEW v AS SELECT 1", false)]
    [TestCase("DROP TABLE t", false)]
    [TestCase("ALTER FUNCTION f() RENAME TO g", false)]
    public void Definitions_that_leave_all_meanings_as_they_were_are_few(string sql, bool keeps)
    {
        Assert.That(Sql.One(sql).KeepsMeanings, Is.EqualTo(keeps));
        Assert.That(Sql.One(sql).AltersSchema, Is.EqualTo(sql.StartsWith("ALTER SCHEMA", StringComparison.Ordinal)));
    }

    [TestCase("SELECT a + b * c = d <> e", "")]
    [TestCase("SELECT a || b -> c ->> d", "-> ->> ||")]
    [TestCase("SELECT a LIKE b, a NOT LIKE c, a ILIKE d", "!~~ ~~ ~~*")]
    [TestCase("SELECT a OPERATOR(evil.+) b", "+")]
    public void Operators_are_those_that_are_not_common(string sql, string operators) =>
        Assert.That(string.Join(' ', Sql.One(sql).Operators.Order(StringComparer.Ordinal)), Is.EqualTo(operators));

    [TestCase("SELECT * FROM a, s.b AS x JOIN c USING (id) LEFT JOIN d ON true, e", "a s.b c d e")]
    [TestCase("SELECT * FROM (SELECT * FROM a) x, b", "b a")]
    [TestCase("SELECT * FROM ((a JOIN b ON true) JOIN c ON true) j, d", "a b c d")]
    [TestCase("SELECT * FROM f(1), LATERAL (SELECT 1) x, ONLY a", "a")]
    [TestCase("WITH x AS (SELECT * FROM a) SELECT * FROM x, b", "a b")]
    [TestCase("SELECT extract(year FROM d) FROM a WHERE b IS DISTINCT FROM c", "a")]
    [TestCase("INSERT INTO a.t (x) SELECT y FROM b", "a.t b")]
    [TestCase("UPDATE ONLY a SET x = 1 FROM b", "a b")]
    [TestCase("DELETE FROM a USING b WHERE true", "a b")]
    [TestCase("MERGE INTO a USING b ON true WHEN MATCHED THEN DELETE", "a b")]
    [TestCase("COPY a (x) TO STDOUT", "a")]
    [TestCase("TRUNCATE a, b", "a b")]
    [TestCase("LOCK TABLE a, b", "a b")]
    [TestCase("DROP TABLE IF EXISTS a, s.b CASCADE", "a s.b")]
    [TestCase("ALTER TABLE IF EXISTS ONLY a ADD x int", "a")]
    [TestCase("CREATE TABLE IF NOT EXISTS a (x int)", "a")]
    [TestCase("CREATE INDEX i ON a (x)", "a")]
    [TestCase("GRANT SELECT ON TABLE a TO b", "a")]
    [TestCase("VACUUM FULL a", "a")]
    [TestCase("TABLE a", "a")]
    public void Relations_are_named_where_a_relation_can_stand(string sql, string relations) =>
        Assert.That(string.Join(' ', Sql.One(sql).Relations), Is.EqualTo(relations));

    [TestCase("SET x = 1", false)]
    [TestCase("SET LOCAL search_path = a, b", false)]
    [TestCase("SET LOCAL ROLE r", false)]
    [TestCase("SET SESSION AUTHORIZATION r", false)]
    [TestCase("SET TIME ZONE 'UTC'", false)]
    [TestCase("RESET work_mem", false)]
    [TestCase("SET Standard_Conforming_Strings = off", true)]
    [TestCase("SET LOCAL \"STANDARD_conforming_strings\" TO off", true)]
    [TestCase("SET SESSION client_encoding = 'x'", true)]
    [TestCase("SET NAMES 'x'", true)]
    [TestCase("RESET client_encoding", true)]
    [TestCase("SET U&\"client\\005fencoding\" = 'x'", true)]
    [TestCase("SET", true)]
    [TestCase("RESET ALL", true)]
    [TestCase("DISCARD ALL", true)]
    [TestCase("SELECT set_config('a.b', '1', true)", false)]
    [TestCase("SELECT set_config('CLIENT_encoding', '1', true)", true)]
    [TestCase("SELECT set_config('client_' || 'encoding', '1', true)", true)]
    [TestCase("SELECT set_config(is_local => false, setting_name => 'client_encoding', new_value => 'x')", true)]
    [TestCase("SELECT set_config('a.b', '1', true), set_config(E'client\\x5fencoding', '1', true)", true)]
    [TestCase("SELECT x FROM pg_catalog.set_config(y, '1', true) x", true)]
    [TestCase("CALL p()", true)]
    [TestCase("DO ''", true)]
    [TestCase("SELECT 1", false)]
    [TestCase("SHOW x", false)]
    [TestCase("ALTER ROLE r SET x = 1", false)]
    public void Settings_may_change(string sql, bool may) => Assert.That(Sql.One(sql).MayChangeSettings, Is.EqualTo(may));

    [Test]
    public void A_prepared_statement_comes_with_what_it_will_run()
    {
        var defines = Sql.One("PREPARE \"P\" (int) AS DELETE FROM t WHERE id = $1").Defines!;
        Assert.That((defines.Name, defines.IsCursor, defines.Facts.Kinds), Is.EqualTo(("P", false, StatementKinds.Delete)));
        Assert.That(defines.Facts.Text, Is.EqualTo(21..48));
        Assert.That(defines.Facts.Relations, Is.EqualTo(new[] { new Identifier(null, "t") }));
    }

    [Test]
    public void A_cursor_comes_with_its_query()
    {
        var defines = Sql.One("DECLARE C CURSOR FOR SELECT ssn FROM people").Defines!;
        Assert.That((defines.Name, defines.IsCursor, defines.Facts.Kinds), Is.EqualTo(("c", true, StatementKinds.Select)));
        Assert.That(defines.Facts.Identifiers, Does.Contain(new Identifier(null, "ssn")));
    }

    [TestCase("EXECUTE P(1)", "p", null)]
    [TestCase("EXPLAIN ANALYZE EXECUTE p", "p", null)]
    [TestCase("CREATE TABLE t AS EXECUTE \"P\"", "P", null)]
    [TestCase("FETCH ALL FROM \"C\"", null, "C")]
    [TestCase("MOVE C", null, "c")]
    public void What_is_run_or_fetched_is_named(string sql, string? prepared, string? cursor) =>
        Assert.That((Sql.One(sql).ExecutesPrepared, Sql.One(sql).FetchesCursor), Is.EqualTo((prepared, cursor)));

    [TestCase("DEALLOCATE P", "p")]
    [TestCase("deallocate prepare P", "p")]
    [TestCase("DEALLOCATE \"P q\"", "P q")]
    [TestCase("DEALLOCATE PREPARE U&\"d!0061\" UESCAPE '!'", "da")]
    [TestCase("DEALLOCATE prepare", "prepare")]
    [TestCase("DEALLOCATE ALL", null)]
    [TestCase("DEALLOCATE PREPARE ALL", null)]
    [TestCase("DEALLOCATE \"all\"", "all")]
    [TestCase("DEALLOCATE", null)]
    [TestCase("DEALLOCATE 'p'", null)]
    [TestCase("CLOSE p", null)]
    public void What_is_dropped_by_name_is_named(string sql, string? prepared)
    {
        var facts = Sql.One(sql);
        Assert.That((facts.Deallocates, facts.Kinds), Is.EqualTo((prepared, StatementKinds.Session)));
    }

    [TestCase("SELECT 1; ; -- x\n SELECT 2;;", "SELECT 1|SELECT 2")]
    [TestCase("", "")]
    [TestCase(" ; /* x */ ; -- y", "")]
    [TestCase("SELECT ';'; SELECT $$;$$; SELECT \";\"", "SELECT ';'|SELECT $$;$$|SELECT \";\"")]
    [TestCase("CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 1 AS end; END; SELECT 2",
        "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 1 AS end; END|SELECT 2")]
    [TestCase("CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2); SELECT 3", "CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2)|SELECT 3")]
    [TestCase("BEGIN; END; SELECT 1", "BEGIN|END|SELECT 1")]
    public void Text_is_split_where_the_server_splits_it(string sql, string statements) =>
        Assert.That(string.Join('|', Sql.All(sql).Select(s => sql[s.Text])), Is.EqualTo(statements));

    [TestCase("SELECT 'a")]
    [TestCase("SELECT \\d")]
    [TestCase("DROP TABLE a; SELECT /* ")]
    public void Text_that_the_server_cannot_read_is_one_opaque_statement(string sql)
    {
        var facts = Sql.One(sql);
        Assert.That((facts.Kinds, facts.IsOpaque), Is.EqualTo((StatementKinds.Unclassified, true)));
    }

    [TestCase(PostgresTextEncoding.Unsafe, StatementKinds.Unclassified)]
    [TestCase(PostgresTextEncoding.AsciiSafe, StatementKinds.Select)]
    [TestCase(PostgresTextEncoding.Utf8, StatementKinds.Unclassified)]
    public void Bytes_of_another_encoding_make_a_statement_opaque(PostgresTextEncoding encoding, StatementKinds kinds)
    {
        var facts = PostgresAnalyzer.Analyze([.. "SELECT "u8, 0xE9, .. " FROM t"u8], new PostgresSqlSettings(true, encoding))[0];
        Assert.That((facts.Kinds, facts.IsOpaque), Is.EqualTo((kinds, true)));
    }

    [Test]
    public void Ascii_is_read_in_any_encoding([Values] PostgresTextEncoding encoding)
    {
        var facts = PostgresAnalyzer.Analyze("SELECT a FROM t"u8, new PostgresSqlSettings(true, encoding))[0];
        Assert.That((facts.Kinds, facts.IsOpaque), Is.EqualTo((StatementKinds.Select, false)));
    }

    [TestCase("UTF8", PostgresTextEncoding.Utf8)]
    [TestCase("utf-8", PostgresTextEncoding.Utf8)]
    [TestCase("Unicode", PostgresTextEncoding.Utf8)]
    [TestCase("LATIN1", PostgresTextEncoding.AsciiSafe)]
    [TestCase("iso-8859-1", PostgresTextEncoding.AsciiSafe)]
    [TestCase("EUC_JIS_2004", PostgresTextEncoding.AsciiSafe)]
    [TestCase("SQL_ASCII", PostgresTextEncoding.AsciiSafe)]
    [TestCase("WIN1252", PostgresTextEncoding.AsciiSafe)]
    [TestCase("SJIS", PostgresTextEncoding.Unsafe)]
    [TestCase("SHIFT_JIS_2004", PostgresTextEncoding.Unsafe)]
    [TestCase("BIG5", PostgresTextEncoding.Unsafe)]
    [TestCase("WIN936", PostgresTextEncoding.Unsafe)]
    [TestCase("GB18030", PostgresTextEncoding.Unsafe)]
    [TestCase("klingon", PostgresTextEncoding.Unsafe)]
    public void Encodings_go_by_the_names_of_the_server(string name, PostgresTextEncoding encoding) =>
        Assert.That(PostgresSqlSettings.FromName(name), Is.EqualTo(encoding));

    [Test]
    public void A_backslash_hides_a_statement_only_where_it_escapes()
    {
        var text = Encoding.UTF8.GetBytes(@"SELECT 'a\'; DROP TABLE t; --'");
        Assert.That(PostgresAnalyzer.Analyze(text, PostgresSqlSettings.Default), Has.Count.EqualTo(2));
        Assert.That(PostgresAnalyzer.Analyze(text, PostgresSqlSettings.Default with { StandardConformingStrings = false }), Has.Count.EqualTo(1));
    }

    [TestCase("SELECT table_to_xml('people', true, true, '')")]
    [TestCase("SELECT query_to_xml($1, true, true, '')")]
    [TestCase("SELECT * FROM ts_stat(q)")]
    public void What_is_read_by_value_may_be_anything(string sql) => Assert.That(Sql.One(sql).IsOpaque, Is.True);

    [Test]
    public void The_names_of_known_sql_in_a_literal_count() =>
        Assert.That(
            Sql.One("SELECT query_to_xml('SELECT ssn FROM people', true, true, '')").Identifiers,
            Is.SupersetOf(new[] { new Identifier(null, "ssn"), new Identifier(null, "people") }));
}
