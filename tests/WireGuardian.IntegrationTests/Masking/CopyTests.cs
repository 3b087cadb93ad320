using System.Text;
using WireGuardian.Testing.Postgres;
using WireGuardian.Testing.Wire;

namespace WireGuardian.IntegrationTests.Masking;

/// <summary>COPY … TO STDOUT by real servers: as the server sent it where nothing is masked, and where something is, what SELECT shows of the same rows.</summary>
[TestFixture(PostgresVersion.Version15)]
[TestFixture(PostgresVersion.Version18)]
public sealed class CopyTests(PostgresVersion version)
{
    /// <summary>Each with the options under which the server reads the same data.</summary>
    private static readonly (string To, string From)[] Options =
    [
        ("", ""),
        ("WITH (HEADER)", "WITH (HEADER)"),
        ("WITH (DELIMITER '|')", "WITH (DELIMITER '|')"),
        ("WITH (DELIMITER '*', NULL E'\\\\~')", "WITH (DELIMITER '*', NULL E'\\\\~')"),
        ("DELIMITER AS ',' NULL AS E'\\\\-'", "DELIMITER AS ',' NULL AS E'\\\\-'"),
        ("(FORMAT csv)", "(FORMAT csv)"),
        ("WITH CSV HEADER", "WITH CSV HEADER"),
        ("(FORMAT csv, NULL 'none', DELIMITER ';')", "(FORMAT csv, NULL 'none', DELIMITER ';')"),
        ("(FORMAT csv, NULL '***')", "(FORMAT csv, NULL '***')"),
        ("(FORMAT csv, QUOTE '''', ESCAPE E'\\\\')", "(FORMAT csv, QUOTE '''', ESCAPE E'\\\\')"),
        ("(FORMAT csv, FORCE_QUOTE *)", "(FORMAT csv)"),
        ("(FORMAT csv, FORCE_QUOTE (ssn, id))", "(FORMAT csv)"),
        ("(FORMAT csv, ENCODING 'UTF8')", "(FORMAT csv, ENCODING 'UTF8')"),
        ("(FORMAT binary)", "(FORMAT binary)"),
        ("BINARY", "BINARY"),
    ];

    private CopiedPeople _people = null!;

    private static IEnumerable<TestCaseData> Cases() => Options.Select(options => new TestCaseData(options.To, options.From).SetArgDisplayNames(options.To));

    [OneTimeSetUp]
    public async Task Start() => _people = await CopiedPeople.StartAsync(version);

    [OneTimeTearDown]
    public async Task Stop() => await _people.DisposeAsync();

    [TestCaseSource(nameof(Cases))]
    public async Task Where_nothing_is_masked_the_bytes_are_the_servers(string to, string from)
    {
        _ = from;
        foreach (var copy in new[] { "plain", "people (id, name)", "(SELECT name, id FROM people)", "shop.people (name)" })
        {
            await using var through = await _people.ThroughProxyAsync();
            await using var direct = await _people.DirectAsync();
            var sql = $"COPY {copy} TO STDOUT {(copy is "plain" ? to : to.Replace("(ssn, id)", "*"))}";
            Assert.That(Bytes(await through.QueryAsync(sql)), Is.EqualTo(Bytes(await direct.QueryAsync(sql))), sql);
        }
    }

    [TestCaseSource(nameof(Cases))]
    public async Task Where_something_is_masked_the_data_load_as_what_SELECT_shows(string to, string from)
    {
        await using var through = await _people.ThroughProxyAsync();
        await using var direct = await _people.DirectAsync();
        var expected = Rows(await through.QueryAsync("SELECT * FROM people ORDER BY id"));
        foreach (var copy in new[] { "people", "shop.people", "(SELECT * FROM people)", "(SELECT p.* FROM shop.people AS p ORDER BY id)" })
        {
            foreach (var extended in (bool[])[false, true])
            {
                var sent = await RunAsync(through, $"COPY {copy} TO STDOUT {to}", extended);
                AssertNoSecret(sent);
                Assert.That(sent[^1].ToString(), Is.EqualTo("Z I"), () => string.Join('\n', sent));
                await direct.QueryAsync("TRUNCATE loaded");
                await direct.SendAsync(FrontendMessage.Query($"COPY loaded FROM STDIN {from}"));
                Assert.That((await direct.ReadFrameAsync()).Type, Is.EqualTo('G'));
                await direct.SendAsync([.. sent.Where(frame => frame.Type == 'd').Select(frame => FrontendMessage.CopyData(frame.Body)), FrontendMessage.CopyDone]);
                var answer = await direct.ReadUntilAsync('Z');
                Assert.That(answer[0].Text, Is.EqualTo($"COPY {expected.Count}"), () => $"{copy} {to}: {answer[0]}");
                Assert.That(Rows(await direct.QueryAsync("SELECT * FROM loaded ORDER BY id")), Is.EqualTo(expected), copy);
            }
        }
    }

    [TestCaseSource(nameof(Cases))]
    public async Task A_message_is_a_row_as_from_the_server(string to, string from)
    {
        _ = from;
        await using var through = await _people.ThroughProxyAsync();
        await using var direct = await _people.DirectAsync();
        var sql = $"COPY people TO STDOUT {to}";
        Assert.That(Types(await through.QueryAsync(sql)), Is.EqualTo(Types(await direct.QueryAsync(sql))));
    }

    [TestCase("(SELECT ssn || '' AS x, id FROM people WHERE id = 1)", "*****")]
    [TestCase("(SELECT number, shouted FROM seen WHERE id = 1)", "*****")]
    [TestCase("(WITH x AS (SELECT ssn FROM people) SELECT * FROM x LIMIT 1)", "*****")]
    [TestCase("(SELECT ssn FROM people WHERE id = 1 UNION ALL SELECT 'x')", "*****")]
    [TestCase("(UPDATE people SET name = name WHERE id = 1 RETURNING ssn, id)", "*****")]
    [TestCase("(VALUES ((SELECT ssn FROM people WHERE id = 1)))", "*****")]
    [TestCase("(TABLE people)", "*****")]
    [TestCase("(SELECT row_to_json(p) FROM people p WHERE id = 1)", "\n")]
    [TestCase("computed", "1\t*********\tAda\n")]
    [TestCase("computed (name, ssn)", "Ada\t*********\n")]
    [TestCase("\"Odd \"\"name\" (\"B c\", \"select\")", "*********\tx\n")]
    [TestCase("shop.\"Odd \"\"name\"", "1\tx\t*********\n")]
    [TestCase("pg_catalog.pg_statistic", "", Description = "no right on it")]
    public async Task What_comes_of_it_is_masked(string copy, string shown)
    {
        await using var client = await _people.ThroughProxyAsync();
        await client.QueryAsync("BEGIN");
        var answer = await client.QueryAsync($"COPY {copy} TO STDOUT");
        AssertNoSecret(answer);
        Assert.That(Encoding.UTF8.GetString(Data(answer)), Does.Contain(shown), () => string.Join('\n', answer));
        Assert.That(answer[^1].Type, Is.EqualTo('Z'));
    }

    [TestCase("COPY people (nope) TO STDOUT")]
    [TestCase("COPY shop.nope (ssn) TO STDOUT")]
    [TestCase("COPY (SELECT ssn, nope FROM people) TO STDOUT")]
    [TestCase("COPY (SELECT ssn FROM people WHERE) TO STDOUT")]
    [TestCase("COPY (INSERT INTO people (id) VALUES (7)) TO STDOUT")]
    [TestCase("COPY seen TO STDOUT")]
    [TestCase("COPY people TO STDOUT (FORMAT csv, DELIMITER '\"')")]
    [TestCase("COPY people TO STDOUT (FORCE_QUOTE (id))")]
    [TestCase("COPY (SELECT 1 / (id - 1), ssn FROM people ORDER BY id) TO STDOUT")]
    public async Task A_mistake_gets_the_servers_answer_and_leaves_the_servers_state(string sql)
    {
        await using var through = await _people.ThroughProxyAsync();
        await using var direct = await _people.DirectAsync();
        foreach (var extended in (bool[])[false, true])
        {
            foreach (var begin in new[] { "SELECT 1", "BEGIN" })
            {
                await through.QueryAsync(begin);
                await direct.QueryAsync(begin);
                var (got, expected) = (await RunAsync(through, sql, extended), await RunAsync(direct, sql, extended));
                Assert.That(Types(got), Is.EqualTo(Types(expected)));
                Assert.That(got.Single(frame => frame.Type == 'E').SqlState, Is.EqualTo(expected.Single(frame => frame.Type == 'E').SqlState));
                Assert.That(got[^1].Body, Is.EqualTo(expected[^1].Body));
                Assert.That(Types(await through.QueryAsync("ROLLBACK")), Is.EqualTo(Types(await direct.QueryAsync("ROLLBACK"))));
            }
        }
    }

    [Test]
    public async Task The_position_of_an_error_in_a_query_is_the_servers()
    {
        const string sql = "/* ü */ COPY (SELECT ssn, nope FROM people) TO STDOUT";
        await using var through = await _people.ThroughProxyAsync();
        await using var direct = await _people.DirectAsync();
        Assert.That((await through.QueryAsync(sql))[0].Fields['P'], Is.EqualTo((await direct.QueryAsync(sql))[0].Fields['P']));
    }

    [Test]
    public async Task In_another_encoding_values_in_ASCII_are_masked_as_usual_and_the_others_become_stars()
    {
        await using var client = await _people.ThroughProxyAsync();
        await client.QueryAsync("SET client_encoding = latin1");
        var answer = await client.QueryAsync("COPY (SELECT phone FROM people WHERE id IN (11, 14)  ORDER BY id) TO STDOUT");
        Assert.That(Encoding.Latin1.GetString(Data(answer)).Split('\n'), Has.Length.EqualTo(3));
        AssertNoSecret(answer);
    }

    [Test]
    public async Task Values_larger_than_any_buffer_pass_masked()
    {
        await using var direct = await _people.DirectAsync();
        await using var client = await _people.ThroughProxyAsync();
        await client.QueryAsync("CREATE TABLE large (id int, word text)");
        await direct.QueryAsync("INSERT INTO large VALUES (1, repeat(E'secret\\t', 3000000)), (2, 'secret'), (3, repeat('secret', 100000))");
        foreach (var options in new[] { "", "BINARY" })
        {
            var bare = await client.QueryAsync($"COPY (SELECT length(word), word FROM large ORDER BY id) TO STDOUT {options}");
            AssertNoSecret(bare);
            if (options == "")
                Assert.That(Data(bare).LongCount(unit => unit == '*'), Is.EqualTo(21_000_000 + 6 + 600_000));
            Assert.That(bare[^1].Type, Is.EqualTo('Z'));
        }

        await direct.QueryAsync("DROP TABLE large");
    }

    private static async Task<IReadOnlyList<WireFrame>> RunAsync(WireClient client, string sql, bool extended)
    {
        if (!extended)
            return await client.QueryAsync(sql);
        await client.SendAsync(FrontendMessage.Parse("", sql), FrontendMessage.Bind("", ""), FrontendMessage.Describe('P', ""), FrontendMessage.Execute(""), FrontendMessage.Sync);
        return await client.ReadUntilAsync('Z');
    }

    private static byte[] Data(IEnumerable<WireFrame> frames) => [.. frames.Where(frame => frame.Type == 'd').SelectMany(frame => frame.Body)];

    private static byte[] Bytes(IEnumerable<WireFrame> frames) => [.. frames.SelectMany(frame => frame.Bytes)];

    private static string Types(IEnumerable<WireFrame> frames) => string.Concat(frames.Select(frame => frame.Type));

    private static List<string> Rows(IEnumerable<WireFrame> frames) =>
        [.. frames.Where(frame => frame.Type == 'D').Select(frame => string.Join('\u0001', frame.Texts.Select(text => text ?? "(null)")))];

    private static void AssertNoSecret(IEnumerable<WireFrame> frames)
    {
        var text = Encoding.Latin1.GetString(Bytes(frames));
        foreach (var secret in new[] { "secret", "SECRET", Convert.ToHexStringLower("secret"u8), "918273" })
            Assert.That(text.Contains(secret, StringComparison.Ordinal), Is.False, secret);
    }
}
