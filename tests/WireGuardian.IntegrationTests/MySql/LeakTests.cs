using WireGuardian.Testing.MySql;

namespace WireGuardian.IntegrationTests.MySql;

/// <summary>Whatever a masked login sends, no byte that it gets back shows a masked value.</summary>
[TestFixture]
public sealed class LeakTests
{
    private static readonly string[] Attempts =
    [
        "SELECT * FROM people", "SELECT people.* FROM people", "SELECT ssn FROM people", "SELECT ssn AS id FROM people", "SELECT p.ssn FROM people AS p JOIN orders o ON o.person_id = p.id",
        "SELECT upper(ssn) FROM people", "SELECT concat(ssn, '') FROM people", "SELECT (SELECT ssn FROM people LIMIT 1)", "SELECT max(ssn) FROM people", "SELECT group_concat(ssn) FROM people",
        "SELECT name FROM (SELECT ssn AS name FROM people) d", "SELECT item FROM (SELECT ssn AS item FROM people) orders", "WITH c AS (SELECT ssn FROM people) SELECT * FROM c",
        "WITH RECURSIVE c AS (SELECT ssn, 1 AS n FROM people UNION ALL SELECT ssn, n + 1 FROM c WHERE n < 2) SELECT ssn FROM c", "SELECT name FROM people UNION SELECT ssn FROM people",
        "SELECT ssn FROM people UNION ALL SELECT item FROM orders", "SELECT first_value(ssn) OVER (ORDER BY id) FROM people", "SELECT lag(ssn) OVER (ORDER BY id) FROM people", "SELECT max(ssn) OVER (PARTITION BY id) FROM people", "SELECT nth_value(concat(ssn, name), 1) OVER (ORDER BY id) FROM people", "SELECT CASE WHEN 1 THEN ssn END FROM people",
        "SELECT coalesce(NULL, ssn) FROM people", "SELECT json_object('a', ssn) FROM people", "SELECT json_object(ssn, 1) FROM people", "SELECT json_objectagg(ssn, id) FROM people", "SELECT json_arrayagg(ssn) FROM people", "SELECT hex(ssn), unhex(hex(ssn)) FROM people",
        "SELECT * FROM contacts", "SELECT number FROM contacts", "SELECT * FROM nested", "SELECT loud FROM shouted", "SELECT again AS name FROM nested n", "CALL read_ssn()", "SELECT ssn_of(1)",
        "SELECT item, ssn_of(person_id) FROM orders", "SELECT o.item, (SELECT ssn FROM people p WHERE p.id = o.person_id) FROM orders o", "SELECT * FROM orders NATURAL JOIN people",
        "SELECT * FROM orders RIGHT JOIN people USING (id)", "SELECT `ssn` FROM `people`", "SELECT ssn/**/FROM/**/people", "SELECT /*!50000 ssn */ FROM people", "SELECT /*! ssn */ , 1 FROM people",
        "SELECT ssn FROM people -- comment", "SELECT DISTINCT ssn FROM people ORDER BY ssn LIMIT 5", "SELECT ssn FROM people FOR UPDATE", "SELECT ssn INTO @v FROM people LIMIT 1; SELECT @v",
        "SET @v = (SELECT ssn FROM people LIMIT 1); SELECT @v", "SELECT @v := ssn FROM people; SELECT @v", "PREPARE p FROM 'SELECT ssn FROM people'; EXECUTE p",
        "SET @s = 'SELECT ssn FROM people'; PREPARE p FROM @s; EXECUTE p", "CALL out_ssn(@o); SELECT @o", "CREATE TEMPORARY TABLE t AS SELECT ssn FROM people; SELECT * FROM t",
        "INSERT INTO orders SELECT id + 100, id, ssn FROM people; SELECT item FROM orders", "UPDATE people SET name = ssn WHERE id = 1; SELECT name FROM people",
        "INSERT INTO people VALUES (3, 'x', 'canaryone-7391', 'x')", "SELECT extractvalue(1, concat('~', (SELECT ssn FROM people LIMIT 1)))",
        "SELECT updatexml(1, concat('~', (SELECT ssn FROM people LIMIT 1)), 1)", "SELECT 1 FROM people WHERE ssn = 0; SHOW WARNINGS", "SELECT cast(ssn AS signed) FROM people; SHOW WARNINGS", "SELECT cast(ssn AS signed) FROM people; GET DIAGNOSTICS CONDITION 1 @m = MESSAGE_TEXT; SELECT @m",
        "INSERT INTO people SELECT 7, name, ssn, email FROM people LIMIT 1; SHOW ERRORS", "HANDLER people OPEN; HANDLER people READ FIRST", "TABLE people", "EXPLAIN SELECT ssn FROM people WHERE id = 1; SHOW WARNINGS",
        "EXPLAIN FORMAT=JSON SELECT ssn FROM people WHERE id = 1", "DO (SELECT extractvalue(1, concat('~', ssn)) FROM people LIMIT 1)", "SELECT * FROM people INTO OUTFILE '/tmp/never'",
        "SELECT ssn FROM people INTO DUMPFILE '/tmp/never'", "SET sql_mode = 'ANSI_QUOTES'; SELECT \"ssn\" FROM people", "SELECT email FROM people", "SELECT lower(email) FROM people",
        "BEGIN NOT ATOMIC SELECT ssn FROM people; END", "EXECUTE IMMEDIATE 'SELECT ssn FROM people'", "SELECT ssn FROM people PROCEDURE ANALYSE()", "SELECT 1; SELECT ssn FROM people; SELECT 2",
        "DELETE FROM people WHERE id = 77 RETURNING ssn", "INSERT INTO people VALUES (9, 'y', 'z', 'z') ON DUPLICATE KEY UPDATE name = ssn", "SELECT load_file('/etc/hostname')",
        "SELECT * FROM information_schema.processlist", "SHOW FULL PROCESSLIST",
    ];

    [Test]
    public async Task No_canary_comes_out_of_COM_QUERY([Values] MySqlFlavour flavour, [ValueSource(nameof(Attempts))] string attempt)
    {
        await using var client = await MySqlShop.ThroughProxyAsync(flavour, attempt.Length % 2 == 0 ? MySqlCapabilities.DeprecateEof : 0);
        Assert.That(MySqlShop.Shows(await client.QueryAsync(attempt)), Is.False);
        Assert.That(MySqlShop.Shows(await client.QueryAsync("SELECT 1")), Is.False, "the session goes on");
    }

    [Test]
    public async Task No_canary_comes_out_of_prepared_statements([Values] MySqlFlavour flavour, [ValueSource(nameof(Attempts))] string attempt)
    {
        if (attempt.Contains(';', StringComparison.Ordinal))
            Assert.Ignore("only single statements can be prepared");
        await using var client = await MySqlShop.ThroughProxyAsync(flavour);
        var prepared = await PreparedQuery.RunAsync(client, attempt);
        Assert.That(MySqlShop.Shows(prepared.Packets), Is.False);
    }

    /// <summary>Else the tests above would show nothing: without the proxy the first of the attempts succeed.</summary>
    [Test]
    public async Task The_server_itself_would_show_it([Values] MySqlFlavour flavour, [ValueSource(nameof(Attempts))] string attempt)
    {
        if (Array.IndexOf(Attempts, attempt) >= 35)
            Assert.Ignore("may change the data, or fail here too; the attempt stays for what the proxy does with it");
        await using var client = await MySqlShop.DirectAsync(flavour);
        Assert.That(MySqlShop.Shows(await client.QueryAsync(attempt)), Is.True);
    }

    [Test]
    public async Task The_exempt_see_everything([Values] MySqlFlavour flavour)
    {
        await using var client = await MySqlShop.ThroughProxyAsync(flavour, account: MySqlAccounts.Empty);
        Assert.That((await client.RowsAsync("SELECT ssn, email FROM people WHERE id = 1"))[0], Is.EqualTo(new[] { "canaryone-7391", "canarymail@quetzal.example" }));
    }

    [Test]
    public async Task A_user_changed_by_COM_CHANGE_USER_is_masked_by_the_new_login([Values] MySqlFlavour flavour)
    {
        await using var client = await MySqlShop.ThroughProxyAsync(flavour);
        await client.SendCommandAsync(MySqlMessage.ChangeUser("nopassword", [], MySqlShop.Database(flavour).Name, "mysql_native_password"));
        var answer = await client.AnswerAsync("mysql_native_password", client.Greeting!.Scramble, "");
        Assert.That(answer.IsOk, answer.ToString);
        Assert.That((await client.RowsAsync("SELECT ssn FROM people WHERE id = 1"))[0][0], Is.EqualTo("canaryone-7391"));
    }
}
