using WireGuardian.Testing.MySql;

namespace WireGuardian.IntegrationTests.MySql;

/// <summary>What provably holds nothing masked comes out as the server has it, though the statement reads a relation with masked columns.</summary>
[TestFixture]
public sealed class PrecisionTests
{
    private static readonly string[] Harmless =
    [
        "SELECT id, name FROM people ORDER BY id", "SELECT /*!40001 SQL_NO_CACHE */ id, name FROM people", "SELECT p.name AS who, o.item FROM people p JOIN orders o ON o.person_id = p.id ORDER BY 1",
        "SELECT name, item FROM people, orders WHERE person_id = people.id", "SELECT name, item FROM people JOIN orders USING (id)", "SELECT id FROM people JOIN orders USING (id)", "SELECT count(*), count(id), min(name), max(id) FROM people",
        "SELECT upper(name), concat(name, '-', id), id + 1, id * 2 = 4 FROM people ORDER BY id", "SELECT CASE WHEN id > 1 THEN name ELSE 'first' END AS label FROM people", "SELECT coalesce(name, 'none') label FROM people",
        "SELECT group_concat(name ORDER BY id SEPARATOR ',') FROM people", "SELECT name FROM (SELECT name, ssn FROM people) d ORDER BY 1", "SELECT d.x FROM (SELECT id + 1 AS x FROM people) AS d", "WITH c AS (SELECT id, name FROM people) SELECT name, id FROM c",
        "WITH c (a, b) AS (SELECT id, name FROM people), d AS (SELECT b FROM c) SELECT * FROM d", "SELECT name FROM people UNION SELECT item FROM orders ORDER BY 1", "(SELECT id FROM people) UNION ALL (SELECT id FROM orders)",
        "SELECT o.item, (SELECT max(p.name) FROM people p) FROM orders o", "SELECT item, person_id IN (SELECT id FROM people) FROM orders", "SELECT name FROM (people JOIN orders ON orders.person_id = people.id)", "SELECT id, name FROM contacts", "SELECT c.name, o.* FROM contacts c JOIN orders o ON o.person_id = c.id",
        "SELECT DISTINCT name FROM people WHERE ssn IS NOT NULL", "SELECT name, count(*) FROM people GROUP BY name HAVING count(*) > 0", "SELECT cast(id AS char), date_add('2020-01-01', INTERVAL id DAY), substring(name FROM 1 FOR 2) FROM people", "SELECT 1 FROM people LIMIT 1",
        "SELECT id, row_number() OVER (ORDER BY id), lag(name) OVER (ORDER BY id), count(*) OVER (PARTITION BY name), sum(id) OVER () AS total FROM people ORDER BY id", "SELECT d.r FROM (SELECT rank() OVER (ORDER BY name DESC) AS r, ssn FROM people) d ORDER BY 1",
        "SELECT item, EXISTS (SELECT 1 FROM people WHERE people.id = person_id), NOT EXISTS (SELECT name FROM people) FROM orders ORDER BY id",
        "PREPARE p FROM 'SELECT id, name, count(*) FROM people GROUP BY id, name'; EXECUTE p",
    ];

    [Test]
    public async Task It_is_shown_in_text([Values] MySqlFlavour flavour, [ValueSource(nameof(Harmless))] string sql)
    {
        await using var direct = await MySqlShop.DirectAsync(flavour);
        await using var proxied = await MySqlShop.ThroughProxyAsync(flavour);
        Assert.That(await proxied.RowsAsync(sql), Is.EqualTo(await direct.RowsAsync(sql)).And.Not.Empty);
    }

    [Test]
    public async Task It_is_shown_in_binary([Values] MySqlFlavour flavour, [ValueSource(nameof(Harmless))] string sql, [Values] bool cursor)
    {
        if (sql.Contains(';', StringComparison.Ordinal))
            Assert.Ignore("only single statements can be prepared");
        await using var direct = await MySqlShop.DirectAsync(flavour);
        await using var proxied = await MySqlShop.ThroughProxyAsync(flavour);
        Assert.That((await PreparedQuery.RunAsync(proxied, sql, cursor)).Rows, Is.EqualTo((await PreparedQuery.RunAsync(direct, sql, cursor)).Rows).And.Not.Empty);
    }

    [Test]
    public async Task What_an_earlier_text_prepared_is_shown_and_masked_as_itself([Values] MySqlFlavour flavour)
    {
        await using var client = await MySqlShop.ThroughProxyAsync(flavour);
        await client.RowsAsync("PREPARE p FROM 'SELECT name, email FROM people WHERE id = ?'");
        await client.RowsAsync("SET @id = 1");
        Assert.That((await client.RowsAsync("EXECUTE p USING @id"))[0], Is.EqualTo(new[] { "Ada", "c***@example" }));
    }

    /// <summary>A column that is plain to the end is masked by its own rule, others as a whole.</summary>
    [TestCase("SELECT e FROM (SELECT email AS e FROM people WHERE id = 1) d", "c***@example")]
    [TestCase("WITH c (x) AS (SELECT email FROM people WHERE id = 1) SELECT x FROM c", "c***@example")]
    [TestCase("SELECT email FROM people WHERE id = 1 UNION SELECT email FROM people WHERE id = 1", "c***@example")]
    [TestCase("SELECT row_number() OVER (ORDER BY ssn) FROM people WHERE id = 1", "0")]
    [TestCase("SELECT count(*) OVER (PARTITION BY id, ssn) FROM people WHERE id = 1", "0")]
    [TestCase("SELECT row_number() OVER w FROM people WHERE id = 1 WINDOW w AS (ORDER BY ssn)", "0")]
    [TestCase("SELECT count(*) OVER (name) FROM people WHERE id = 1 WINDOW name AS (PARTITION BY ssn)", "0")]
    [TestCase("SELECT row_number() OVER (ORDER BY name), ssn AS name FROM people WHERE id = 1", "0")]
    [TestCase("SELECT EXISTS (SELECT ssn FROM people)", "0")]
    [TestCase("SELECT lower(email) FROM people WHERE id = 1", "**************************")]
    [TestCase("SELECT email FROM people WHERE id = 1 UNION SELECT ssn FROM people WHERE id = 0", "**************************")]
    public async Task A_masked_column_keeps_its_mask_on_its_way(string sql, string expected)
    {
        foreach (var flavour in Enum.GetValues<MySqlFlavour>())
        {
            await using var client = await MySqlShop.ThroughProxyAsync(flavour);
            Assert.That((await client.RowsAsync(sql)).Single()[0], Is.EqualTo(expected), flavour.ToString);
        }
    }
}
