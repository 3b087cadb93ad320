using WireGuardian.Testing.MySql;

namespace WireGuardian.IntegrationTests.MySql;

/// <summary>
/// Statements made so that whoever reads them by their text takes a masked column for another, or for nothing: names that collide, aliases that come back as columns,
/// words that are operators or names, prepared statements that are not what they were.
/// </summary>
[TestFixture]
public sealed class MisreadingTests
{
    private static readonly string[] Attempts =
    [
        // Two names that differ in case only are two names on some servers.
        "WITH PEOPLE AS (SELECT 1 AS id, 2 AS ssn) SELECT ssn FROM people", "WITH people AS (SELECT id, ssn AS name FROM people) SELECT name FROM people", "WITH orders AS (SELECT ssn AS item FROM people) SELECT item FROM orders",
        "WITH a AS (SELECT 1 AS x), b AS (SELECT ssn AS x FROM people) SELECT x FROM b", "WITH a AS (SELECT ssn AS x FROM people) SELECT (SELECT max(x) FROM a)", "WITH RECURSIVE a AS (SELECT 1 AS n, 'x' AS t UNION ALL SELECT n + 1, ssn FROM a, people WHERE n < 2) SELECT t FROM a",
        "WITH RECURSIVE a (n, t) AS (SELECT 1, cast('x' AS char(40)) UNION ALL SELECT n + 1, (SELECT max(ssn) FROM people) FROM a WHERE n < 2) SELECT t FROM a",
        "SELECT item FROM (WITH c AS (SELECT ssn AS item FROM people) SELECT item FROM c) orders", "WITH c AS (SELECT 1 AS item) SELECT item FROM (WITH c AS (SELECT ssn AS item FROM people) SELECT item FROM c) d",
        // Derived tables and their aliases.
        "SELECT d.name FROM (SELECT ssn AS name FROM people) d, orders", "SELECT d.* FROM (SELECT ssn AS name FROM people) d", "SELECT * FROM (SELECT * FROM people) d", "SELECT x FROM (SELECT ssn FROM people) AS d (x)", "SELECT name FROM (SELECT name, ssn FROM people) AS d (ssn, name)",
        "SELECT people.name FROM (SELECT ssn AS name FROM people) people", "SELECT ` name` FROM (SELECT ssn AS ' name' FROM people) d", "SELECT name FROM (SELECT ssn AS ' name' FROM people) d", "SELECT `upper(ssn)` FROM (SELECT upper(ssn) FROM people) d",
        "SELECT x FROM (SELECT id AS x FROM orders UNION SELECT ssn FROM people) d", "SELECT x FROM ((SELECT 1 AS x) UNION (SELECT ssn FROM people)) d", "SELECT 'a' x UNION SELECT ssn FROM people", "SELECT item FROM orders UNION (SELECT name FROM people UNION SELECT ssn FROM people)",
        "SELECT name FROM people EXCEPT SELECT name FROM people UNION SELECT ssn FROM people", "SELECT ssn FROM people INTERSECT SELECT ssn FROM people", "SELECT x.ssn FROM (people AS x JOIN orders ON orders.id = x.id)", "SELECT item FROM orders JOIN (SELECT ssn, id FROM people) p USING (id) UNION SELECT ssn FROM people",
        // Subqueries see what is around them: tables, and the aliases of the select list.
        "SELECT ssn AS x, (SELECT x) FROM people", "SELECT ssn AS item, (SELECT item) AS y FROM people", "SELECT (SELECT ssn) FROM people", "SELECT (SELECT p.ssn FROM orders LIMIT 1) FROM people p", "SELECT (SELECT max(ssn) FROM people)", "SELECT 1 + (SELECT max(length(ssn)) FROM people), upper((SELECT min(ssn) FROM people))",
        "SELECT (SELECT x FROM (SELECT p.ssn AS x) d) FROM people p", "SELECT o.item FROM orders o, LATERAL (SELECT ssn AS item FROM people) d", "SELECT d.item FROM orders o JOIN LATERAL (SELECT ssn AS item FROM people p WHERE p.id = o.id) d ON true",
        // Words.
        "SELECT SQL_NO_CACHE ssn FROM people", "SELECT SQL_CACHE ssn FROM people", "SELECT SQL_NO_CACHE.ssn FROM people SQL_NO_CACHE", "SELECT `end` FROM (SELECT ssn AS `end` FROM people) d", "SELECT CASE WHEN 1 THEN end END FROM (SELECT ssn AS `end` FROM people) d",
        "SELECT id a, ssn b FROM people", "SELECT id, ssn name FROM people", "SELECT ssn 'id' FROM people", "SELECT 'x' LIKE 'x' ESCAPE '|', ssn FROM people", "SELECT ssn LIKE 'c%', ssn FROM people", "SELECT ssn COLLATE utf8mb4_bin FROM people", "SELECT BINARY ssn FROM people",
        "SELECT day FROM (SELECT ssn AS day FROM people) d", "SELECT now() + INTERVAL 1 DAY, day FROM (SELECT ssn AS day FROM people) d", "SELECT convert(ssn USING utf8mb4) FROM people", "SELECT cast(ssn AS char) FROM people", "SELECT trim(BOTH 'x' FROM ssn) FROM people", "SELECT elt(1, ssn), field(ssn, 'a') FROM people",
        "SELECT if(1, ssn, 0), ifnull(NULL, ssn), nullif(ssn, ''), greatest(ssn, ''), repeat(ssn, 1), replace(ssn, 'x', ''), insert(ssn, 1, 0, ''), left(ssn, 30), right(ssn, 30) FROM people", "SELECT group_concat(name, ssn) FROM people", "SELECT group_concat(name ORDER BY id SEPARATOR ','), group_concat(ssn SEPARATOR ';') FROM people",
        "SELECT max(ssn) OVER () FROM people", "SELECT first_value(ssn) OVER w FROM people WINDOW w AS (ORDER BY id)", "SELECT json_arrayagg(ssn), json_objectagg(id, ssn) FROM people", "SELECT json_unquote(json_extract(json_object('a', ssn), '$.a')) FROM people", "SELECT shadow (ssn) FROM people", "SELECT concat (ssn) FROM people",
        "SELECT ssn|| '' FROM people", "SELECT * FROM people HAVING ssn IS NOT NULL", "SELECT ssn AS name FROM people HAVING name IS NOT NULL ORDER BY name", "SELECT name AS ssn, ssn AS name FROM people ORDER BY ssn", "SELECT name, ssn FROM people GROUP BY name, ssn WITH ROLLUP",
        "SELECT mask.* FROM people AS mask", "SELECT people.*, orders.item FROM people, orders", "SELECT A.ssn FROM people A, (SELECT 1 AS ssn) a", "SELECT ssn FROM people JOIN (SELECT id FROM people) d USING (id)", "SELECT * FROM orders JOIN people USING (id)", "TABLE people ORDER BY id LIMIT 1", "TABLE orders UNION SELECT id, id, ssn FROM people",
        // Prepared statements that are not what they seem.
        "PREPARE p FROM 'SELECT ssn FROM people'; SELECT nothing; PREPARE p FROM 'SELECT item FROM orders'", "EXECUTE IMMEDIATE concat('SELECT ssn ', 'FROM people')", "PREPARE p FROM 'SELECT ssn AS id FROM people'; EXECUTE p; DEALLOCATE PREPARE p; EXECUTE p",
        // Values kept for later.
        "UPDATE orders SET person_id = last_insert_id((SELECT salary_of(1))); SELECT last_insert_id()", "SELECT last_insert_id((SELECT salary FROM wages LIMIT 1)); SELECT last_insert_id()", "SELECT salary FROM wages WHERE last_insert_id(salary); SELECT last_insert_id()", "DO last_insert_id((SELECT salary FROM wages LIMIT 1)); SELECT last_insert_id()",
        "SET timestamp = (SELECT salary FROM wages LIMIT 1); SELECT @@timestamp", "SET @@session.sql_select_limit = (SELECT salary FROM wages LIMIT 1); SELECT @@sql_select_limit", "SET @@session.insert_id = (SELECT salary FROM wages LIMIT 1); SELECT @@insert_id", "SELECT get_lock((SELECT ssn FROM people LIMIT 1), 0); SELECT * FROM performance_schema.metadata_locks",
        "SELECT salary FROM wages", "SELECT salary + 0 FROM wages", "SELECT sum(salary) FROM wages", "SELECT x FROM (SELECT salary AS x FROM wages) d", "SELECT -salary, ~salary, salary DIV 1, salary << 0, salary % 99999999 FROM wages", "HANDLER people OPEN AS orders; HANDLER orders READ FIRST", "HANDLER people OPEN AS h; HANDLER h READ `PRIMARY` = (1)",
        "SHOW TABLE STATUS; SELECT ssn FROM people", "CHECKSUM TABLE people; SELECT ssn FROM people", "ANALYZE SELECT ssn FROM people WHERE ssn = 'x'", "ANALYZE FORMAT=JSON SELECT ssn FROM people", "EXPLAIN ANALYZE SELECT ssn FROM people", "EXPLAIN SELECT * FROM people WHERE ssn > '' ; SHOW WARNINGS",
        "SET optimizer_trace = 'enabled=on'; SELECT ssn FROM people WHERE ssn > 'b'; SELECT * FROM information_schema.optimizer_trace", "SELECT * FROM performance_schema.events_statements_history", "SELECT * FROM performance_schema.events_statements_summary_by_digest", "SELECT * FROM performance_schema.user_variables_by_thread", "SELECT * FROM information_schema.column_statistics",
        "LOAD DATA INFILE '/nowhere' INTO TABLE people", "SELECT load_file('/etc/hostname')", "CREATE TABLE copied AS SELECT ssn FROM people", "INSERT INTO orders (id, item) SELECT 900, ssn FROM people LIMIT 1", "REPLACE INTO orders (id, item) SELECT 900, ssn FROM people LIMIT 1", "UPDATE orders, people SET item = ssn", "UPDATE orders SET item = (SELECT ssn FROM people LIMIT 1)",
        "DELETE FROM people WHERE id = 900 RETURNING upper(ssn), name", "INSERT INTO people (id, ssn) VALUES (900, 'canaryone-7391')", "SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'x'; SELECT ssn FROM people", "XA START 'a'; SELECT ssn FROM people", "CALL read_ssn()", "CALL out_ssn(@x); SELECT @x", "SELECT read_ssn FROM (SELECT ssn_of(1) AS read_ssn) d",
    ];

    /// <summary>Numbers that are found nowhere else.</summary>
    private static readonly string[] Canaries = [MySqlShop.Canary, MySqlShop.Canary.ToUpperInvariant(), "73910264", "82640591"];

    [Test]
    public async Task No_canary_comes_out([Values] MySqlFlavour flavour, [ValueSource(nameof(Attempts))] string attempt)
    {
        await using var client = await MySqlShop.ThroughProxyAsync(flavour, attempt.Length % 2 == 0 ? MySqlCapabilities.DeprecateEof : 0);
        Assert.That(Shows(await client.QueryAsync(attempt)), Is.Null);
        Assert.That(Shows(await client.QueryAsync("EXECUTE p")), Is.Null, "what the session has prepared");
        Assert.That(Shows(await client.QueryAsync("SHOW WARNINGS")), Is.Null);
    }

    [Test]
    public async Task No_canary_comes_out_of_a_prepared_one([Values] MySqlFlavour flavour, [ValueSource(nameof(Attempts))] string attempt)
    {
        if (attempt.Contains(';', StringComparison.Ordinal))
            Assert.Ignore("only single statements can be prepared");
        await using var client = await MySqlShop.ThroughProxyAsync(flavour);
        Assert.That(Shows((await PreparedQuery.RunAsync(client, attempt)).Packets), Is.Null);
    }

    /// <summary>A statement that fails makes nothing: what was prepared before under its name is what runs.</summary>
    [TestCase("SELECT nothing; PREPARE p FROM 'SELECT item FROM orders'")]
    [TestCase("PREPARE p FROM 'SELECT item FROM orders'; DROP TABLE orders")]
    [TestCase("SELECT 1; SELECT * FROM orders INTO OUTFILE '/tmp/never'; PREPARE p FROM 'SELECT item FROM orders'")]
    public async Task A_name_that_may_still_mean_what_it_meant_is_masked_as_that(string text)
    {
        foreach (var flavour in Enum.GetValues<MySqlFlavour>())
        {
            await using var client = await MySqlShop.ThroughProxyAsync(flavour);
            await client.RowsAsync("PREPARE p FROM 'SELECT concat(ssn) FROM people'");
            var answer = client.QueryAsync(text);
            if (text.Contains("DROP", StringComparison.Ordinal))
                await MySqlShop.Proxy(flavour).WgctlAsync(MySqlShop.Token, "deny", await MySqlShop.PendingAsync(flavour), "--reason", "no");
            Assert.That((await answer)[^1].IsError, Is.True, flavour.ToString);
            Assert.That(Shows(await client.QueryAsync("EXECUTE p")), Is.Null, flavour.ToString);
        }
    }

    /// <summary>MySQL reads a prepared statement again, under the settings of then, once a table of it has changed.</summary>
    [Test]
    public async Task What_was_prepared_under_other_settings_is_not_trusted([Values] MySqlFlavour flavour, [Values] bool inText)
    {
        var database = MySqlShop.Database(flavour);
        await using var client = await MySqlShop.ThroughProxyAsync(flavour);
        await client.QueryAsync("SET sql_mode = ''");
        const string Statement = "SELECT concat(\"ssn\"), \"ssn\" FROM people";
        byte[] id = [];
        if (inText)
        {
            await client.QueryAsync($"PREPARE p FROM '{Statement}'");
        }
        else
        {
            await client.SendCommandAsync([0x16, .. System.Text.Encoding.ASCII.GetBytes(Statement)]);
            id = (await client.ReadPacketAsync()).Payload[1..5];
            for (var left = 3; left > 0; left--)
                await client.ReadPacketAsync();
        }
        await client.QueryAsync("SET sql_mode = 'ANSI_QUOTES'");
        await database.ExecuteAsync("ALTER TABLE people COMMENT = 'again'", "ALTER TABLE people COMMENT = ''");
        if (!inText)
            await client.SendCommandAsync([0x17, .. id, 0, 1, 0, 0, 0]);
        Assert.That(Shows(inText ? await client.QueryAsync("EXECUTE p") : await client.ReadResultsAsync()), Is.Null);
    }

    /// <summary>Names mean relations of the database in which a statement was prepared, and USE holds for what follows it in the same text.</summary>
    [Test]
    public async Task A_name_without_a_database_is_of_the_right_one([Values] MySqlFlavour flavour)
    {
        var database = MySqlShop.Database(flavour);
        var other = database.Name + "_other";
        await database.ExecuteAsync(
            $"DROP DATABASE IF EXISTS {other}", $"CREATE DATABASE {other}", $"CREATE OR REPLACE VIEW {other}.names_seen AS SELECT ssn AS name FROM {database.Name}.people",
            "CREATE OR REPLACE VIEW names_seen AS SELECT name FROM people");
        await MySqlShop.LookAsync(flavour);
        await using var client = await MySqlShop.ThroughProxyAsync(flavour);
        Assert.That((await client.RowsAsync("SELECT concat(name) FROM names_seen"))[0][0], Is.EqualTo("Ada"));
        Assert.That(Shows(await client.QueryAsync($"USE {other}; SELECT concat(name) FROM names_seen")), Is.Null);
        Assert.That(Shows(await client.QueryAsync("PREPARE p FROM 'SELECT concat(name) FROM names_seen'")), Is.Null);
        await client.QueryAsync($"USE {database.Name}");
        Assert.That(Shows(await client.QueryAsync("EXECUTE p")), Is.Null);
        await client.QueryAsync($"PREPARE q FROM 'SELECT concat(name) FROM names_seen'; USE {other}; EXECUTE q; PREPARE q FROM 'SELECT concat(name) FROM names_seen'; USE {database.Name}");
        Assert.That(Shows(await client.QueryAsync("EXECUTE q")), Is.Null);
        await database.ExecuteAsync($"DROP DATABASE {other}");
    }

    /// <summary>The first canary that is shown.</summary>
    private static string? Shows(IEnumerable<MySqlPacket> packets)
    {
        var all = packets.Select(packet => System.Text.Encoding.Latin1.GetString(packet.Payload)).ToArray();
        return Canaries.FirstOrDefault(canary => all.Any(packet => packet.Contains(canary, StringComparison.Ordinal)));
    }
}
