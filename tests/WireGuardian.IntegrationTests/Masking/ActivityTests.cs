using WireGuardian.Testing.Leaks;
using WireGuardian.Testing.Postgres;
using WireGuardian.Testing.Wire;

namespace WireGuardian.IntegrationTests.Masking;

/// <summary>
/// What others have sent shows in the server's own views, to a login that may read all statistics: their literals are values like those in rows. The other session has
/// just asked for one; this one reads it back.
/// </summary>
[TestFixture(PostgresVersion.Version15)]
[TestFixture(PostgresVersion.Version18)]
public sealed class ActivityTests(PostgresVersion version)
{
    private static readonly PlantedValues Literal = new(["zq7kx-literal-5577"], [], "literal");

    private static readonly string[] Shown =
    [
        "SELECT query FROM pg_stat_activity",
        "SELECT * FROM pg_stat_activity",
        "SELECT query AS state FROM pg_stat_activity",
        "SELECT state, upper(query) FROM pg_stat_activity",
        "SELECT left(query, 25) FROM pg_catalog.pg_stat_activity WHERE query LIKE '%from pg_class%'",
        "SELECT a::text FROM pg_stat_activity a",
        "SELECT to_jsonb(a) FROM pg_stat_activity a",
        "SELECT query_to_xml('select query from pg_stat_activity', true, false, '')",
        "SELECT string_agg(query, ';') FROM pg_stat_activity",
        "SELECT max(query) FROM (SELECT query FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND query LIKE '%from pg_class%') x",
        "SELECT a.query FROM pg_stat_activity a JOIN pg_stat_activity b USING (pid)",
        "SELECT query FROM pg_stat_get_activity(NULL)",
        "SELECT (pg_stat_get_activity(NULL)).query",
        "SELECT pg_stat_get_backend_activity(i) FROM pg_stat_get_backend_idset() i",
        "WITH a AS (SELECT query AS usename FROM pg_stat_activity) SELECT usename FROM a",
        "SELECT usename FROM pg_user UNION SELECT query FROM pg_stat_activity",
        "SELECT query::int FROM pg_stat_activity WHERE query LIKE 'select %from pg_class limit 1'",
        "SELECT 1 / (CASE WHEN query LIKE '%5577%' THEN 0 ELSE 1 END)::int || query FROM pg_stat_activity",
        "SELECT (SELECT query FROM pg_stat_activity WHERE query LIKE '%from pg_class%' AND pid <> pg_backend_pid() LIMIT 1)",
        "COPY (SELECT query FROM pg_stat_activity) TO STDOUT",
        "DO $$ BEGIN RAISE NOTICE '%', (SELECT string_agg(query, ';') FROM pg_stat_activity); END $$",
        "DECLARE c CURSOR FOR SELECT query FROM pg_stat_activity; FETCH ALL FROM c",
        "CREATE VIEW v AS SELECT query AS q FROM pg_stat_activity; SELECT q FROM v",
        "CREATE TABLE t AS SELECT query AS q FROM pg_stat_activity; SELECT q FROM t",
        "CREATE FUNCTION f() RETURNS text LANGUAGE sql AS 'SELECT string_agg(query, '''') FROM pg_stat_activity'; SELECT f()",
    ];

    [Test]
    public async Task A_literal_of_another_session_does_not_come_out([ValueSource(nameof(Shown))] string sql)
    {
        await using var other = await AskAsync();
        foreach (var binary in new[] { false, true })
        {
            await using var client = await MaskedShop.ThroughProxyAsync(version: version);
            var received = await RunAsync(client, sql, binary);
            Assert.That(Literal.FoundIn([.. received.SelectMany(frame => frame.Bytes)]), Is.Empty, () => string.Join('\n', received));
        }
    }

    /// <summary>Else the test above would show nothing.</summary>
    [Test]
    public async Task The_server_itself_shows_it([ValueSource(nameof(Shown))] string sql)
    {
        if (sql.Contains("ELSE 1 END", StringComparison.Ordinal))
            Assert.Ignore("the server fails before it shows anything");
        await using var other = await AskAsync();
        await using var client = await MaskedShop.DirectAsync(version: version);
        var received = await RunAsync(client, sql, binary: false);
        Assert.That(Literal.FoundIn([.. received.SelectMany(frame => frame.Bytes)]), Is.Not.Empty, () => string.Join('\n', received));
    }

    [Test]
    public async Task A_literal_of_ones_own_does_not_come_back_from_there_either()
    {
        await using var client = await MaskedShop.ThroughProxyAsync(version: version);
        var received = await client.QueryAsync("SELECT query FROM pg_stat_activity WHERE pid = pg_backend_pid() AND 'zq7kx-literal-5577' <> ''");
        Assert.That(received.Count(frame => frame.Type == 'D'), Is.EqualTo(1));
        Assert.That(Literal.FoundIn([.. received.SelectMany(frame => frame.Bytes)]), Is.Empty);
    }

    [Test]
    public async Task What_is_no_text_of_a_statement_is_as_it_was()
    {
        await using var client = await MaskedShop.ThroughProxyAsync(version: version);
        var row = (await client.QueryAsync("SELECT usename, datname, state FROM pg_stat_activity WHERE pid = pg_backend_pid()"))[1].Texts;
        Assert.That(row, Is.EqualTo(new[] { MaskedShop.App, await DatabaseAsync(client), "active" }));
    }

    private static async Task<string?> DatabaseAsync(WireClient client) => (await client.QueryAsync("SELECT current_database()"))[1].Texts[0];

    private async Task<WireClient> AskAsync()
    {
        var other = await MaskedShop.DirectAsync(version: version);
        await other.QueryAsync("select 'zq7kx-literal-5577' from pg_class limit 1");
        return other;
    }

    private static async Task<IReadOnlyList<WireFrame>> RunAsync(WireClient client, string sql, bool binary)
    {
        var received = new List<WireFrame>(await client.QueryAsync("BEGIN"));
        foreach (var statement in sql.Split("; ", StringSplitOptions.None) is var parts && sql.StartsWith("DO", StringComparison.Ordinal) ? [sql] : parts)
        {
            await client.SendAsync(binary
                ? [.. FrontendMessage.Parse("", statement), .. FrontendMessage.Bind("", "", [], [], [(short)1]), .. FrontendMessage.Describe('P', ""), .. FrontendMessage.Execute(""), .. FrontendMessage.Sync]
                : FrontendMessage.Query(statement));
            received.AddRange(await client.ReadUntilAsync('Z'));
        }
        received.AddRange(await client.QueryAsync("ROLLBACK"));
        return received;
    }
}
