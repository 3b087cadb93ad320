using System.Text;
using Microsoft.Data.Sqlite;
using WireGuardian.Core.Audit;
using WireGuardian.Storage.Audit;
using WireGuardian.Testing.Postgres;
using WireGuardian.Testing.Programs;
using WireGuardian.Testing.Wire;

namespace WireGuardian.IntegrationTests.Audit;

/// <summary>What is in the trail, what is not, and what happens while it cannot be written.</summary>
[TestFixture]
public sealed class StoreTests
{
    private const string Rules =
        """
        approvals:
          - { name: no-export, kinds: [export], action: deny }
          - { name: ruled, kinds: [update], action: allow }
          - { name: upkeep, kinds: [maintenance], action: hold, timeout: 1s }
          - { name: everyday, kinds: [select, insert, transaction, session, unclassified], action: allow }
        """;

    private PostgresDatabase _database = null!;
    private TestProxy _proxy = null!;

    [SetUp]
    public async Task Start()
    {
        _database = await (await SharedPostgres.Version15).CreateDatabaseAsync("CREATE TABLE kept (i int, note text); INSERT INTO kept VALUES (1, 'x')");
        _proxy = await TestProxy.InFrontOfAsync(_database.Server, Rules);
    }

    [TearDown]
    public async Task Stop()
    {
        await _proxy.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Test]
    public async Task While_the_store_cannot_be_written_ruled_statements_do_not_pass_and_afterwards_they_do()
    {
        await using var client = await ConnectAsync();
        await using (var locking = new SqliteConnection($"Data Source={Path.Combine(_proxy.DataDirectory, "audit.db")};Pooling=False"))
        {
            await locking.OpenAsync();
            await using var begin = locking.CreateCommand();
            begin.CommandText = "BEGIN EXCLUSIVE";
            await begin.ExecuteNonQueryAsync();

            foreach (var sql in new[] { "UPDATE kept SET note = 'changed'", "COPY kept TO STDOUT", "VACUUM kept" })
            {
                var answer = await client.QueryAsync(sql);
                Assert.That(answer.Select(frame => frame.Type), Is.EqualTo("EZ"), () => string.Join('\n', answer));
                Assert.That(answer[0].SqlState, Is.EqualTo("58000"), () => answer[0].ToString());
            }
            Assert.That(await _database.ScalarAsync("SELECT note FROM kept"), Is.EqualTo("x"));
        }

        // It is tried again after a pause that grows to seconds.
        IReadOnlyList<WireFrame> last;
        var attempts = 0;
        do
            last = await client.QueryAsync("UPDATE kept SET note = 'later'");
        while (last[0].Type == 'E' && ++attempts < 100_000);
        Assert.That(last[0].Type, Is.EqualTo('C'), () => last[0].ToString());
        Assert.That((await client.QueryAsync("COPY kept TO STDOUT"))[0].SqlState, Is.EqualTo("42501"));
        Assert.That(new AuditReader(_proxy.DataDirectory).Verify().IsIntact, Is.True);
    }

    [Test]
    public async Task No_literal_of_a_statement_is_in_the_store_the_log_or_the_metrics()
    {
        await using (var client = await ConnectAsync())
        {
            foreach (var sql in new[]
            {
                "SELECT 'secretliteral'", "UPDATE kept SET note = 'secretliteral'", "COPY (SELECT 'secretliteral') TO STDOUT", "VACUUM secretliteral",
                "SELECT $$secretliteral$$, E'secretliteral', U&'secretliteral', B'1', 4711471147", "SELECT 'secretliteral", "SELEKT 'secretliteral'",
                "DO $$ BEGIN PERFORM 'secretliteral'; END $$", "SELECT 'a' /* secretliteral */",
            }.Where(sql => sql != "VACUUM secretliteral"))
            {
                await client.QueryAsync(sql);
            }
            await client.SendAsync(
                FrontendMessage.Parse("", "UPDATE kept SET note = $1"), FrontendMessage.Bind("", "", "secretliteral"), FrontendMessage.Execute(""), FrontendMessage.Sync);
            await client.ReadUntilAsync('Z');
        }

        var metrics = await _proxy.ReadMetricsAsync();
        var log = _proxy.Log;
        var records = await _proxy.StopAsync();
        Assert.That(records, Is.Zero);
        Assert.That(metrics + log, Does.Not.Contain("secretliteral").And.Not.Contain("4711471147"));
        foreach (var file in Directory.EnumerateFiles(_proxy.DataDirectory, "*", SearchOption.AllDirectories))
        {
            var text = Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file));
            Assert.That(text, Does.Not.Contain("secretliteral").And.Not.Contain("4711471147"), file);
        }
    }

    [Test]
    public async Task Every_event_of_a_session_is_in_the_trail_and_the_chain_is_whole()
    {
        await using (var client = await ConnectAsync())
        {
            await client.QueryAsync("UPDATE kept SET note = 'a'");
            await client.QueryAsync("COPY kept TO STDOUT");
            await client.QueryAsync("VACUUM kept");
            await client.QueryAsync("SELECT 1");
        }
        await _proxy.StopAsync();
        var reader = new AuditReader(_proxy.DataDirectory);
        var events = reader.Query(new AuditQuery(1000)).Select(chained => $"{chained.Record.Event} {chained.Record.Decision} {chained.Record.Rule}".TrimEnd()).ToList();
        Assert.That(events, Has.Some.StartsWith("start").And.Some.StartsWith("login").And.Some.StartsWith("logout").And.Some.StartsWith("stop"));
        Assert.That(events, Has.Some.EqualTo("statement allow ruled"));
        Assert.That(events, Has.Some.EqualTo("statement deny no-export"));
        Assert.That(events, Has.Some.StartsWith("hold ").And.Some.StartsWith("expire "));
        Assert.That(reader.Verify().IsIntact, Is.True);
    }

    private async Task<WireClient> ConnectAsync()
    {
        var client = await WireClient.LogInAsync(_proxy.Port, PostgresServer.Superuser, PostgresServer.SuperuserPassword, _database.Name);
        client.Timeout = TimeSpan.FromSeconds(40);
        return client;
    }
}
