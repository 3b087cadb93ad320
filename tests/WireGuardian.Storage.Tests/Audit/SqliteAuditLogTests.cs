using System.Runtime.Versioning;
using WireGuardian.Core.Audit;
using WireGuardian.Storage.Audit;

namespace WireGuardian.Storage.Tests.Audit;

public sealed class SqliteAuditLogTests
{
    private AuditFixture _fixture = null!;

    [SetUp]
    public void SetUp() => _fixture = new AuditFixture();

    [TearDown]
    public void TearDown() => _fixture.Dispose();

    [Test]
    public async Task Both_ways_to_append_keep_one_order()
    {
        await using var log = _fixture.Open();
        var expected = new List<string>();
        var durable = new List<Task>();
        for (var index = 0; index < 500; index++)
        {
            expected.Add($"s{index}");
            if (index % 7 == 0)
                durable.Add(log.AppendDurableAsync(_fixture.Record($"s{index}"), CancellationToken.None).AsTask());
            else
                log.Append(_fixture.Record($"s{index}"));
        }
        await Task.WhenAll(durable);
        await log.AppendDurableAsync(_fixture.Record("last"), CancellationToken.None);
        Assert.That(_fixture.Statements(), Is.EqualTo(expected.Append("last")));
        Assert.That(_fixture.Committed, Is.EqualTo(501));
        Assert.That(log.IsHealthy, Is.True);
    }

    [Test]
    public async Task A_durable_record_is_in_the_store_when_its_task_completes()
    {
        await using var log = _fixture.Open();
        await log.AppendDurableAsync(_fixture.Record("DROP TABLE ?", "k3m9x2aa"), CancellationToken.None);
        var chained = new AuditReader(_fixture.Directory).Query(new AuditQuery()).Single();
        Assert.That(chained, Is.EqualTo(AuditChain.Link(AuditHead.Empty, _fixture.Record("DROP TABLE ?", "k3m9x2aa"))));
        Assert.That(log.Head, Is.EqualTo(new AuditHead(1, chained.Hash)));
    }

    [Test]
    public async Task An_appended_record_reaches_the_store_without_anybody_waiting_for_it()
    {
        await using var log = _fixture.Open();
        log.Append(_fixture.Record("SELECT ?"));
        Assert.That(() => _fixture.Committed, Is.EqualTo(1).After(10_000, 5));
        Assert.That(_fixture.Statements(), Is.EqualTo(new[] { "SELECT ?" }));
    }

    [Test]
    public async Task Records_of_many_threads_make_one_chain()
    {
        await using (var log = _fixture.Open())
        {
            await Task.WhenAll(Enumerable.Range(0, 8).Select(thread => Task.Run(async () =>
            {
                for (var index = 0; index < 500; index++)
                {
                    if (index % 100 == 0)
                        await log.AppendDurableAsync(_fixture.Record($"{thread}/{index}"), CancellationToken.None);
                    else
                        log.Append(_fixture.Record($"{thread}/{index}"));
                }
            })));
        }
        var statements = _fixture.Statements();
        Assert.That(statements, Has.Length.EqualTo(4000).And.Unique);
        for (var thread = 0; thread < 8; thread++)
        {
            var own = statements.Where(statement => statement.StartsWith($"{thread}/", StringComparison.Ordinal));
            Assert.That(own, Is.EqualTo(Enumerable.Range(0, 500).Select(index => $"{thread}/{index}")));
        }
        Assert.That(new AuditReader(_fixture.Directory).Verify(), Has.Property("Records").EqualTo(4000).And.Property("IsIntact").True);
    }

    [Test]
    public async Task The_chain_goes_on_after_a_restart_and_a_clean_stop_leaves_nothing_to_recover()
    {
        for (var run = 0; run < 3; run++)
        {
            await using var log = _fixture.Open();
            log.Append(_fixture.Record($"run {run}"));
        }
        Assert.That(_fixture.Statements(), Is.EqualTo(new[] { "run 0", "run 1", "run 2" }));
        Assert.That(Directory.GetFiles(_fixture.Directory, "audit.spool.*").Sum(file => new FileInfo(file).Length), Is.Zero);
        Assert.That(new AuditReader(_fixture.Directory).Verify().IsIntact, Is.True);
    }

    [Test]
    public async Task A_query_is_narrowed_by_time_request_and_limit_and_gives_the_newest_oldest_first()
    {
        await using var log = _fixture.Open();
        for (var index = 0; index < 10; index++)
        {
            log.Append(_fixture.Record($"s{index}", index % 2 == 0 ? "even" : ""));
            _fixture.Time.Advance(TimeSpan.FromSeconds(1));
        }
        await log.AppendDurableAsync(_fixture.Record("end"), CancellationToken.None);
        Assert.That(Ask(new AuditQuery(3)), Is.EqualTo(new[] { "s8", "s9", "end" }));
        Assert.That(Ask(new AuditQuery(Since: _fixture.Time.GetUtcNow() - TimeSpan.FromSeconds(2))), Is.EqualTo(new[] { "s8", "s9", "end" }));
        Assert.That(Ask(new AuditQuery(2, RequestId: "even")), Is.EqualTo(new[] { "s6", "s8" }));
        Assert.That(Ask(new AuditQuery(RequestId: "'; --")), Is.Empty);
        Assert.That(Ask(new AuditQuery(0)), Is.Empty);
        var links = log.Query(new AuditQuery(2));
        Assert.That(links[1].PreviousHash, Is.EqualTo(links[0].Hash));

        string[] Ask(AuditQuery query) => [.. log.Query(query).Select(chained => chained.Record.Statement)];
    }

    [Test]
    [UnsupportedOSPlatform("windows")]
    public async Task The_directory_and_its_files_are_the_owners_alone()
    {
        await using var log = _fixture.Open();
        const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        Assert.That(File.GetUnixFileMode(_fixture.Directory), Is.EqualTo(Owner | UnixFileMode.UserExecute));
        var modes = Directory.GetFiles(_fixture.Directory).Select(File.GetUnixFileMode).ToArray();
        Assert.That(modes, Is.EqualTo(new[] { Owner, Owner, Owner, Owner, Owner }));
    }

    [Test]
    public async Task A_second_log_on_the_same_directory_is_refused()
    {
        await using var log = _fixture.Open();
        Assert.That(() => _fixture.Open(), Throws.TypeOf<StorageException>().With.Message.Contains("another process"));
    }

    [Test]
    public async Task A_store_of_a_newer_program_is_refused()
    {
        await _fixture.Open().DisposeAsync();
        _fixture.Tamper("PRAGMA user_version = 3");
        Assert.That(() => _fixture.Open(), Throws.TypeOf<StorageException>().With.Message.Contains("schema version 3"));
    }

    [Test]
    public async Task A_file_that_is_no_store_is_refused()
    {
        Directory.CreateDirectory(_fixture.Directory);
        await File.WriteAllTextAsync(_fixture.Database, new string('x', 5000));
        Assert.That(() => _fixture.Open(), Throws.TypeOf<StorageException>().With.Message.Contains("audit.db"));
    }

    [Test]
    public async Task A_closed_log_refuses()
    {
        var log = _fixture.Open();
        await log.DisposeAsync();
        Assert.That(log.IsHealthy, Is.False);
        Assert.That(() => log.Append(_fixture.Record("x")), Throws.TypeOf<AuditUnavailableException>());
        Assert.That(
            async () => await log.AppendDurableAsync(_fixture.Record("x"), CancellationToken.None), Throws.TypeOf<AuditUnavailableException>());
        Assert.That(_fixture.Statements(), Is.Empty);
    }
}
