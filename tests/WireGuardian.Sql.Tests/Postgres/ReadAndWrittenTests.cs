using WireGuardian.Sql.Postgres;

namespace WireGuardian.Sql.Tests.Postgres;

/// <summary>Which of the relations that a statement names it reads, and which it writes, makes, changes or drops.</summary>
[TestFixture]
public sealed class ReadAndWrittenTests
{
    [TestCase("SELECT * FROM a JOIN s.b ON a.x = b.x, c", "a s.b c", "")]
    [TestCase("TABLE a", "a", "")]
    [TestCase("INSERT INTO a SELECT * FROM b", "b", "a")]
    [TestCase("INSERT INTO a VALUES (1)", "", "a")]
    [TestCase("UPDATE a SET x = b.x FROM b WHERE a.y IN (SELECT y FROM c)", "b c", "a")]
    [TestCase("DELETE FROM ONLY a USING b WHERE a.x = b.x", "b", "a")]
    [TestCase("DELETE FROM a WHERE x IN (SELECT x FROM a)", "a", "a")]
    [TestCase("MERGE INTO a USING b ON a.x = b.x WHEN MATCHED THEN DELETE", "b", "a")]
    [TestCase("WITH gone AS (DELETE FROM a RETURNING *) SELECT * FROM gone, b", "b", "a")]
    [TestCase("TRUNCATE a, b", "", "a b")]
    [TestCase("DROP TABLE IF EXISTS a, b", "", "a b")]
    [TestCase("ALTER TABLE a ADD COLUMN x int", "", "a")]
    [TestCase("CREATE TABLE a AS SELECT * FROM b JOIN c ON b.x = c.x", "b b.x c", "a")]
    [TestCase("CREATE VIEW a AS TABLE b", "b", "a")]
    [TestCase("CREATE INDEX i ON a (x)", "", "a")]
    [TestCase("SELECT * INTO a FROM b", "b", "a")]
    [TestCase("COPY a FROM STDIN", "stdin", "a")]
    [TestCase("COPY a TO STDOUT", "a", "")]
    [TestCase("COPY (SELECT * FROM a) TO STDOUT", "a", "")]
    [TestCase("GRANT SELECT ON a TO dana", "", "a")]
    [TestCase("LOCK TABLE a", "a", "")]
    [TestCase("SELECT * FROM a FOR UPDATE", "a", "")]
    public void Names_stand_where_they_are_read_or_written(string sql, string reads, string writes)
    {
        var facts = PostgresAnalyzer.Analyze(System.Text.Encoding.UTF8.GetBytes(sql), PostgresSqlSettings.Default)[0];
        Assert.That(string.Join(' ', facts.Reads.Select(name => name.ToString()).Order(StringComparer.Ordinal)),
            Is.EqualTo(string.Join(' ', reads.Split(' ').Order(StringComparer.Ordinal))));
        Assert.That(string.Join(' ', facts.Writes), Is.EqualTo(writes));
        Assert.That(facts.Relations, Is.EquivalentTo(facts.Reads.Union(facts.Writes)));
    }
}
