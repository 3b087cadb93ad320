using WireGuardian.Testing.Wire;

namespace WireGuardian.IntegrationTests.Holding;

/// <summary>A dangerous statement is known in whatever clothes, and a harmless one that looks dangerous passes.</summary>
[TestFixture]
public sealed class DisguiseTests
{
    [TestCase("/* hello */ DROP TABLE kept")]
    [TestCase("-- a line\nDROP/**/TABLE kept")]
    [TestCase("/* /* nested */ */ dRoP tAbLe kept")]
    [TestCase("SELECT 1; DROP TABLE kept")]
    [TestCase("SELECT ';'; SELECT $$;$$; DROP TABLE kept;")]
    [TestCase("BEGIN; DELETE FROM kept; COMMIT")]
    [TestCase("WITH gone AS (DELETE FROM kept RETURNING *) SELECT * FROM gone")]
    [TestCase("WITH a AS (SELECT 1), b AS (WITH c AS (DELETE FROM kept RETURNING 1) SELECT * FROM c) SELECT * FROM b")]
    [TestCase("EXPLAIN ANALYZE DELETE FROM kept")]
    [TestCase("EXPLAIN (ANALYZE, COSTS off) WITH x AS (DELETE FROM kept RETURNING 1) SELECT * FROM x")]
    [TestCase("PREPARE p AS DELETE FROM kept")]
    [TestCase("DO $x$ BEGIN EXECUTE 'DR' || 'OP TABLE kept'; END $x$")]
    [TestCase("DELETE FROM U&\"k\\0065pt\"")]
    [TestCase("DELETE FROM ONLY \"public\".\"kept\"")]
    [TestCase("GRANT ALL ON kept TO PUBLIC")]
    [TestCase("REVOKE ALL ON kept FROM PUBLIC")]
    [TestCase("ALTER ROLE hold_app NOSUPERUSER")]
    [TestCase("CREATE TABLE copied AS SELECT * FROM kept")]
    [TestCase("SELECT * INTO copied FROM kept")]
    [TestCase("CREATE SCHEMA s CREATE TABLE t (i int)")]
    [TestCase("TRUNCATE kept")]
    [TestCase("COMMENT ON TABLE kept IS 'x'")]
    [TestCase("ALTER SYSTEM SET work_mem = '1MB'")]
    [TestCase("CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC DELETE FROM kept; SELECT 1; END")]
    [TestCase("SET standard_conforming_strings = off; SELECT 'a\\'; DROP TABLE kept; --'")]
    [TestCase("MERGE INTO kept USING (SELECT 1 AS i) s ON s.i = kept.i WHEN MATCHED THEN DELETE")]
    public async Task Is_held(string sql)
    {
        await using var client = await HoldingShop.ConnectAsync();
        await client.SendAsync(FrontendMessage.Query(sql));
        await HoldingShop.ReadHeldAsync(client);
        client.Abort();
        Assert.That(await HoldingShop.Database.ScalarAsync("SELECT count(*) FROM kept"), Is.EqualTo(1));
    }

    [TestCase("COPY kept TO STDOUT")]
    [TestCase("COPY kept TO '/tmp/never-written-by-a-test'")]
    [TestCase("SELECT 1; COPY kept TO STDOUT")]
    public async Task Is_denied_as_an_export(string sql)
    {
        await using var client = await HoldingShop.ConnectAsync();
        var answer = await client.QueryAsync(sql);
        Assert.That(answer.Select(frame => frame.Type), Is.EqualTo("EZ"), "nothing of the message ran");
        Assert.That(answer[0].SqlState, Is.EqualTo("42501"));
    }

    [TestCase("SELECT 'DROP TABLE kept'")]
    [TestCase("SELECT $$; DELETE FROM kept; $$")]
    [TestCase("SELECT 1 AS \"drop\", 2 AS \"delete\" /* DROP TABLE kept */ -- DELETE FROM kept")]
    [TestCase("UPDATE kept SET note = 'DELETE' WHERE i = 1")]
    [TestCase("BEGIN; INSERT INTO kept VALUES (77, 'x') ; ROLLBACK")]
    [TestCase("EXPLAIN SELECT * FROM kept")]
    [TestCase("SET search_path = public; SHOW search_path; RESET ALL")]
    [TestCase("SELECT E'it''s \\'; DROP TABLE kept; \\''")]
    [TestCase("")]
    [TestCase("-- nothing")]
    public async Task Passes(string sql)
    {
        await using var client = await HoldingShop.ConnectAsync();
        var answer = await client.QueryAsync(sql);
        Assert.That(answer.Select(frame => frame.Type), Has.None.EqualTo('E').And.None.EqualTo('N'), () => string.Join('\n', answer));
    }

    [TestCase("SELEKT 1", "42601")]
    [TestCase("SELECT * FRM kept", "42601")]
    [TestCase("DROP", "42601")]
    [TestCase("SELECT 'open", "42601")]
    [TestCase("SELECT * FROM no_such_table", "42P01")]
    public async Task A_typo_gets_the_error_of_the_server(string sql, string state)
    {
        await using var client = await HoldingShop.ConnectAsync();
        await using var direct = await HoldingShop.DirectAsync();
        var answer = await client.QueryAsync(sql);
        Assert.That(answer[0].SqlState, Is.EqualTo(state), () => string.Join('\n', answer));
        Assert.That(answer[0].Message, Is.EqualTo((await direct.QueryAsync(sql))[0].Message));
    }
}
