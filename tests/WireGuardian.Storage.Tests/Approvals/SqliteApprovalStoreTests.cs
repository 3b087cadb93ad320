using Microsoft.Data.Sqlite;
using WireGuardian.Core.Approvals;
using WireGuardian.Core.Statements;
using WireGuardian.Storage.Approvals;

namespace WireGuardian.Storage.Tests.Approvals;

public sealed class SqliteApprovalStoreTests
{
    private static readonly DateTimeOffset Noon = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private TemporaryDirectory _directory = null!;

    [SetUp]
    public void SetUp() => _directory = new TemporaryDirectory();

    [TearDown]
    public void TearDown() => _directory.Dispose();

    [Test]
    public void A_request_is_found_as_it_was_after_a_restart()
    {
        var request = Request("k3m9x2aa") with
        {
            State = ApprovalState.Released,
            Approvals = [new ApprovalDecision("dana", true, "Grüße", Noon)],
            Context = new() { Environment = "test", Parameters = [new("text", 7)], Similar = new(1, 2, "omar", true, Noon) },
        };
        using (var store = Open())
        {
            store.Save(Request("k3m9x2aa"));
            store.Save(request);
        }
        using var next = Open();
        var found = next.Find("k3m9x2aa")!;
        Assert.That(found.Approvals, Is.EqualTo(request.Approvals));
        Assert.That(found.Relations, Is.EqualTo(request.Relations));
        Assert.That(found.Approvers, Is.EqualTo(request.Approvers));
        Assert.That(
            found with { Approvals = request.Approvals, Relations = request.Relations, Approvers = request.Approvers, BreakGlass = request.BreakGlass, Context = request.Context },
            Is.EqualTo(request));
        Assert.That(found.Context.Parameters, Is.EqualTo(new BindValue[] { new("text", 7) }));
        Assert.That(found.Context.Similar, Is.EqualTo(request.Context.Similar));
        Assert.That(next.Find("nosuchid"), Is.Null);
        Assert.That(next.Unfinished(), Is.Empty);
    }

    [Test]
    public void A_request_that_an_older_program_stored_is_read()
    {
        const string Older = """
            {"id":"k3m9x2aa","state":"Denied","listener":"app-pg","protocol":"postgres","user":"erin","database":"shop","client":"127.0.0.1","application":"psql",
            "statement":"DROP TABLE people","kinds":"Ddl, Delete","relations":["public.people"],"rule":"schema-changes","reason":"","digest":"00ff",
            "createdAt":"2030-01-01T12:00:00+00:00","expiresAt":"2030-01-01T12:10:00+00:00","approvers":["dba"],"minimum":2,
            "approvals":[{"operator":"dana","approved":false,"reason":"no","time":"2030-01-01T12:00:00+00:00"}]}
            """;
        using var store = Open();
        store.Save(Request("k3m9x2aa"));
        using (var connection = new SqliteConnection($"Data Source={Path.Combine(_directory.Path, "approvals.db")};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "UPDATE request SET json = $json";
            command.Parameters.AddWithValue("$json", Older);
            command.ExecuteNonQuery();
        }
        var found = store.Find("k3m9x2aa")!;
        var decision = new ApprovalDecision("dana", false, "no", Noon);
        Assert.That(found.Approvals, Is.EqualTo(new[] { decision }));
        Assert.That(found.BreakGlass, Is.Empty);
        var expected = Request("k3m9x2aa") with { State = ApprovalState.Denied, Relations = found.Relations, Approvers = found.Approvers, Approvals = found.Approvals, BreakGlass = found.BreakGlass };
        Assert.That(found.Context, Is.EqualTo(RequestContext.None));
        Assert.That(found, Is.EqualTo(expected));
    }

    [Test]
    public void Pending_and_approved_requests_are_unfinished_oldest_first()
    {
        using var store = Open();
        foreach (var state in Enum.GetValues<ApprovalState>())
            store.Save(Request(state.ToName()) with { State = state, CreatedAt = Noon.AddMinutes(-(int)state) });
        Assert.That(store.Unfinished().Select(request => request.Id), Is.EqualTo(new[] { "approved", "pending" }));
    }

    [Test]
    public void The_newest_requests_of_a_state_are_listed_oldest_first()
    {
        using var store = Open();
        foreach (var minute in (int[])[2, 0, 3, 1])
            store.Save(Request($"denied{minute}") with { State = ApprovalState.Denied, CreatedAt = Noon.AddMinutes(minute) });
        store.Save(Request("expired") with { State = ApprovalState.Expired });
        Assert.That(store.InState(ApprovalState.Denied, 2).Select(request => request.Id), Is.EqualTo(new[] { "denied2", "denied3" }));
        Assert.That(store.InState(ApprovalState.Expired, 2).Select(request => request.Id), Is.EqualTo(new[] { "expired" }));
        Assert.That(store.InState(ApprovalState.Released, 2), Is.Empty);
    }

    [Test]
    public void Similar_requests_are_those_of_the_same_statement_and_rule_that_were_decided()
    {
        using var store = Open();
        var asked = Request("new") with { Statement = new string('x', 300) };
        store.Save(Decided("one", approved: true, 1));
        store.Save(Decided("two", approved: false, 3));
        store.Save(Decided("three", approved: true, 2));
        store.Save(Decided("other1", approved: false, 4) with { Rule = "another" });
        store.Save(Decided("other2", approved: false, 5) with { Statement = asked.Statement + "y" });
        store.Save(asked with { Id = "undecided" });
        Assert.That(store.Similar(asked), Is.EqualTo(new SimilarRequests(2, 1, "dana", false, Noon.AddMinutes(3))));
        Assert.That(store.Similar(asked with { Rule = "a third" }), Is.Null);

        ApprovalRequest Decided(string id, bool approved, int minutes) => asked with
        {
            Id = id,
            State = approved ? ApprovalState.Released : ApprovalState.Denied,
            Approvals = [new ApprovalDecision("dana", approved, "", Noon.AddMinutes(minutes))],
        };
    }

    [Test]
    public void A_store_that_cannot_be_used_says_so()
    {
        var store = Open();
        store.Dispose();
        Assert.That(() => store.Save(Request("a")), Throws.TypeOf<ApprovalStoreException>());
        Assert.That(() => store.Find("a"), Throws.TypeOf<ApprovalStoreException>());
    }

    [Test]
    public void A_store_of_a_newer_program_is_refused()
    {
        Open().Dispose();
        using (var connection = new SqliteConnection($"Data Source={Path.Combine(_directory.Path, "approvals.db")};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA user_version = 7";
            command.ExecuteNonQuery();
        }
        Assert.That(Open, Throws.TypeOf<StorageException>().With.Message.Contains("schema version 7"));
    }

    private SqliteApprovalStore Open() => SqliteApprovalStore.Open(_directory.Path);

    private static ApprovalRequest Request(string id) => new()
    {
        Id = id,
        State = ApprovalState.Pending,
        Listener = "app-pg",
        Protocol = "postgres",
        User = "erin",
        Database = "shop",
        Client = "127.0.0.1",
        Application = "psql",
        Statement = "DROP TABLE people",
        Kinds = StatementKinds.Ddl | StatementKinds.Delete,
        Relations = ["public.people"],
        Rule = "schema-changes",
        Digest = "00ff",
        CreatedAt = Noon,
        ExpiresAt = Noon.AddMinutes(10),
        Approvers = ["dba"],
        Minimum = 2,
    };
}
