using WireGuardian.Core.Statements;

namespace WireGuardian.Sql.Tests.Postgres;

/// <summary>Each entry as <c>target[.column]: names [*]</c>, the star for a whole row.</summary>
public sealed class WriteSourcesTests
{
    private static string Sources(string sql) => string.Join(" | ", Sql.One(sql).WriteSources.Select(Text));

    private static string Text(WriteSource source)
    {
        var target = source.Target is { } name ? name.ToString() : "-";
        return $"{target}{(source.TargetColumn is { } column ? "." + column : "")}: {Sql.Names(source.Reads)}{(source.ReadsWholeRow ? " *" : "")}";
    }

    [TestCase("INSERT INTO t VALUES (1, 'a', $1, DEFAULT, NULL, TRUE)", "")]
    [TestCase("INSERT INTO t DEFAULT VALUES", "")]
    [TestCase("INSERT INTO t (a) VALUES (now())", "t: now")]
    [TestCase("INSERT INTO t (a) VALUES ((SELECT b FROM s))", "t: b s")]
    [TestCase("INSERT INTO s.t (a) SELECT b FROM s", "s.t: b s")]
    [TestCase("INSERT INTO t SELECT * FROM s", "t: s *")]
    [TestCase("INSERT INTO t SELECT x.* FROM s x", "t: s x *")]
    [TestCase("INSERT INTO t SELECT x FROM s x", "t: s x *")]
    [TestCase("INSERT INTO t SELECT row_to_json(x)->>'a' FROM s AS x", "t: row_to_json s x *")]
    [TestCase("INSERT INTO t SELECT count(*), a * 2 FROM s", "t: a count s")]
    [TestCase("INSERT INTO t TABLE s", "t: s *")]
    [TestCase("INSERT INTO t (SELECT a FROM s)", "t: a s")]
    [TestCase("INSERT INTO t SELECT 1", "")]
    [TestCase("INSERT INTO t SELECT a FROM s RETURNING b", "t: a s")]
    [TestCase("WITH w AS (SELECT b FROM s) INSERT INTO t SELECT a FROM w", "t: a b s w")]
    [TestCase("INSERT INTO t WITH w AS (SELECT b FROM s) SELECT a FROM w", "t: a b s w")]
    [TestCase("WITH w AS (INSERT INTO t VALUES (1) RETURNING id) SELECT id, ssn FROM w, p", "")]
    public void Of_insert(string sql, string sources) => Assert.That(Sources(sql), Is.EqualTo(sources));

    [TestCase("INSERT INTO t VALUES (1) ON CONFLICT DO NOTHING", "")]
    [TestCase("INSERT INTO t VALUES (1) ON CONFLICT (a) DO UPDATE SET a = 1", "")]
    [TestCase("INSERT INTO t VALUES (1) ON CONFLICT (a) DO UPDATE SET a = excluded.b WHERE t.c > 1", "t.a: excluded excluded.b t")]
    [TestCase("INSERT INTO t SELECT b FROM s ON CONFLICT (a) DO UPDATE SET c = excluded.a", "t: b s | t.c: b excluded excluded.a s t")]
    [TestCase("INSERT INTO t SELECT b FROM s JOIN u ON conflict ON CONFLICT DO NOTHING", "t: b conflict s u")]
    public void Of_on_conflict(string sql, string sources) => Assert.That(Sources(sql), Is.EqualTo(sources));

    [TestCase("UPDATE t SET a = 1, b = $1, c = DEFAULT, d = 'x' WHERE e = f", "")]
    [TestCase("UPDATE t SET a = b", "t.a: b t")]
    [TestCase("UPDATE t SET a = 1, b = c || d", "t.b: c d t")]
    [TestCase("UPDATE t x SET a = x", "t.a: t x *")]
    [TestCase("UPDATE t x SET a = x::text", "t.a: t text x *")]
    [TestCase("UPDATE t x SET a = x.b", "t.a: t x x.b")]
    [TestCase("UPDATE t SET a = s.b FROM s WHERE t.id = s.id", "t.a: s s.b s.id t t.id")]
    [TestCase("UPDATE t SET a = (SELECT b FROM s)", "t.a: b s t")]
    [TestCase("UPDATE t SET (a, b) = (SELECT x, y FROM s)", "t: s t x y")]
    [TestCase("UPDATE t SET (a) = ROW(x)", "t.a: row t x")]
    [TestCase("UPDATE t SET a[1] = b, c.d = ARRAY[e, 1]", "t.a: b t | t.c: e t")]
    [TestCase("UPDATE t SET a = b IS DISTINCT FROM c WHERE d", "t.a: b c t")]
    [TestCase("UPDATE t SET a = CASE WHEN b THEN c END, d = e", "t.a: b c t | t.d: e t")]
    [TestCase("WITH w AS (SELECT q FROM s) UPDATE t SET a = 1, b = c FROM w", "t.b: c q s t w")]
    public void Of_update(string sql, string sources) => Assert.That(Sources(sql), Is.EqualTo(sources));

    [TestCase("MERGE INTO t USING s ON t.id = s.id WHEN MATCHED THEN UPDATE SET a = 1, b = s.b WHEN NOT MATCHED THEN INSERT (id) VALUES (s.id)",
        "t.b: s s.b s.id t t.id | t: s s.id t t.id")]
    [TestCase("MERGE INTO t USING s ON true WHEN MATCHED THEN UPDATE SET a = CASE WHEN s.x THEN 1 END WHEN NOT MATCHED THEN INSERT VALUES (1)", "t.a: s s.x t")]
    public void Of_merge(string sql, string sources) => Assert.That(Sources(sql), Is.EqualTo(sources));

    [TestCase("CREATE TABLE t AS SELECT a FROM s", "t: a s")]
    [TestCase("CREATE TEMP TABLE IF NOT EXISTS x.t AS TABLE s", "x.t: s *")]
    [TestCase("CREATE MATERIALIZED VIEW t AS SELECT * FROM s", "t: s *")]
    [TestCase("CREATE VIEW t AS SELECT * FROM s", "")]
    [TestCase("CREATE INDEX i ON t (lower(a))", "")]
    [TestCase("SELECT a INTO t FROM s", "t: a | t: s")]
    [TestCase("SELECT a INTO TEMP TABLE t FROM s", "t: a | t: s")]
    [TestCase("ALTER TABLE t ALTER a TYPE text USING b::text, ADD c int", "t: b text")]
    [TestCase("ALTER TABLE t ADD a text GENERATED ALWAYS AS (lower(b)) STORED", "t: b lower")]
    [TestCase("CREATE TABLE t (a text, b text GENERATED ALWAYS AS (lower(a)) STORED)", "t: a lower")]
    [TestCase("ALTER TABLE t ADD a int DEFAULT f()", "t: f")]
    [TestCase("ALTER TABLE t ADD a int DEFAULT 1, ALTER b DROP DEFAULT", "")]
    [TestCase("COPY (SELECT a FROM s) TO '/x'", "-: a s")]
    [TestCase("COPY s (a) TO PROGRAM 'x'", "-: a s")]
    [TestCase("COPY s TO '/x'", "-: s *")]
    [TestCase("COPY s TO STDOUT", "")]
    [TestCase("SELECT pg_notify('a', b) FROM s", "-: b pg_notify s")]
    [TestCase("SELECT pg_notify('a', 'b')", "")]
    [TestCase("SELECT set_config('a.b', c, true) FROM s", "-: c s set_config")]
    [TestCase("SELECT a FROM s", "")]
    [TestCase("DELETE FROM s WHERE a = b", "")]
    public void Of_everything_else(string sql, string sources) => Assert.That(Sources(sql), Is.EqualTo(sources));

    [Test]
    public void A_write_inside_a_with_reads_whatever_the_statement_names()
    {
        var source = Sql.One("WITH w AS (SELECT ssn FROM p), x AS (INSERT INTO t SELECT a FROM w) SELECT 1").WriteSources.Single();
        Assert.That(source.Target, Is.EqualTo(new Identifier(null, "t")));
        Assert.That(source.Reads, Does.Contain(new Identifier(null, "ssn")));
    }
}
