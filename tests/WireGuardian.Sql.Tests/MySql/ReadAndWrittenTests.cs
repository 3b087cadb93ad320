using WireGuardian.Sql.MySql;

namespace WireGuardian.Sql.Tests.MySql;

/// <summary>Which of the relations that a statement names it reads, and which it writes, makes, changes or drops.</summary>
[TestFixture]
public sealed class ReadAndWrittenTests
{
    [TestCase("SELECT * FROM a JOIN s.b ON a.x = b.x, c", "a c s.b", "")]
    [TestCase("TABLE a", "a", "")]
    [TestCase("INSERT INTO a SELECT * FROM b", "b", "a")]
    [TestCase("REPLACE a VALUES (1)", "", "a")]
    [TestCase("UPDATE a JOIN b ON a.x = b.x SET a.y = 1, b.y = (SELECT max(y) FROM c JOIN d)", "c d", "a b")]
    [TestCase("DELETE FROM a WHERE x IN (SELECT x FROM b)", "b", "a")]
    [TestCase("DELETE a, b FROM a JOIN b JOIN c", "a b c", "a b")]
    [TestCase("DELETE FROM a, b USING a JOIN b JOIN c", "a b c", "a b")]
    [TestCase("DELETE QUICK FROM a", "", "a")]
    [TestCase("TRUNCATE TABLE a", "", "a")]
    [TestCase("DROP TABLE IF EXISTS a, b", "", "a b")]
    [TestCase("ALTER TABLE a ADD COLUMN x int", "", "a")]
    [TestCase("CREATE TABLE a AS SELECT * FROM b JOIN c", "b c", "a")]
    [TestCase("CREATE TABLE a LIKE b", "b", "a")]
    [TestCase("CREATE INDEX i ON a (x)", "", "a")]
    [TestCase("RENAME TABLE a TO b", "", "a b")]
    [TestCase("LOAD DATA INFILE 'f' INTO TABLE a", "", "a")]
    [TestCase("LOCK TABLES a READ, b WRITE", "a b", "")]
    public void Names_stand_where_they_are_read_or_written(string sql, string reads, string writes)
    {
        var facts = MySqlAnalyzer.Analyze(System.Text.Encoding.UTF8.GetBytes(sql), MySqlSqlSettings.For(default))[0].Facts;
        Assert.That(string.Join(' ', facts.Reads.Select(name => name.ToString()).Order(StringComparer.Ordinal)), Is.EqualTo(reads));
        Assert.That(string.Join(' ', facts.Writes.Select(name => name.ToString()).Order(StringComparer.Ordinal)), Is.EqualTo(writes));
        Assert.That(facts.Relations, Is.EquivalentTo(facts.Reads.Union(facts.Writes)));
    }
}
