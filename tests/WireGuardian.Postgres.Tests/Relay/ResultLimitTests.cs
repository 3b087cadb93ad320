using System.Text;
using WireGuardian.Core.Masking;
using WireGuardian.Core.Policies;
using WireGuardian.Core.Statements;
using WireGuardian.Postgres.Relay;
using static WireGuardian.Postgres.Tests.Relay.BackendMessage;
using static WireGuardian.Postgres.Tests.Relay.FakeCatalog;
using static WireGuardian.Testing.Wire.FrontendMessage;

namespace WireGuardian.Postgres.Tests.Relay;

/// <summary>A result that passes its limit stops before the first row that is too many, goes on or ends; and both sides stay in step.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ResultLimitTests
{
    private static readonly ApprovalRule TwoRows = new() { Name = "reads", Kinds = StatementKinds.Select | StatementKinds.Export, Action = RuleAction.Allow, MaxRows = 2 };
    private static readonly byte[] Rows = [.. Row("1"), .. Row("2"), .. Row("3"), .. Row("4")];
    private static readonly byte[] CopyRows = [.. CopyData("1\n"u8), .. CopyData("2\n"u8), .. CopyData("3\n"u8)];

    private readonly RelayBench _relay = Bench(TwoRows);

    private string Sent => Encoding.ASCII.GetString(_relay.ToClient.ToArray());

    [Test]
    public void It_stops_before_the_row_that_is_too_many_and_goes_on_when_it_may()
    {
        _relay.Client(Query("SELECT 1")).Server(Columns((0, 0)), Rows, Complete("SELECT 4"), Ready());
        Assert.That((_relay.ClientSaw, _relay.Core.Server.Paused?.Reached), Is.EqualTo(("ZTDD", "The result has more than 2 rows (maxRows).")));
        _relay.AtLimit = server => server.GoOn("R1", null);
        Assert.That(_relay.Server([[]]).ClientSaw, Is.EqualTo("ZTDDDDCZ"));
    }

    [Test]
    public void Exactly_the_limit_is_not_beyond_it() =>
        Assert.That(_relay.Client(Query("SELECT 1")).Server(Columns((0, 0)), Row("1"), Row("2"), Complete("SELECT 2"), Ready()).ClientSaw, Is.EqualTo("ZTDDCZ"));

    [Test]
    public void Ended_the_servers_error_is_replaced_and_nothing_more_passes()
    {
        _relay.AtLimit = End;
        _relay.Client(Query("SELECT 1")).Server(Columns((0, 0)), Rows, Row("5"), Error("57014", "canceling statement due to user request"), Ready());
        Assert.That(_relay.ClientSaw, Is.EqualTo("ZTDDEZ"));
        Assert.That(Sent, Does.Contain("over the limit").And.Not.Contain("canceling"));
        Assert.That(_relay.Client(Query("SELECT 2")).ServerSaw, Is.EqualTo("QHQ").Or.EqualTo("QQ"), "the session goes on");
    }

    [Test]
    public void A_Query_that_was_done_before_the_cancel_ends_with_the_same_error()
    {
        _relay.AtLimit = End;
        _relay.Client(Query("SELECT 1")).Server(Columns((0, 0)), Rows, Complete("SELECT 4"), Ready('T'));
        Assert.That(_relay.ClientSaw, Is.EqualTo("ZTDDEZ"));
        Assert.That(_relay.ToClient.ToArray()[^1], Is.EqualTo((byte)'T'), "the transaction is as the server says");
    }

    [Test]
    public void Behind_the_end_nothing_of_the_other_statements_of_the_Query_comes()
    {
        _relay.AtLimit = End;
        _relay.Client(Query("SELECT 1; SELECT 2; SELECT 3")).Server(
            Columns((0, 0)), Rows, Complete("SELECT 4"), Columns((0, 0)), Row("x"), Error("57014", "canceling"), Ready());
        Assert.That(_relay.ClientSaw, Is.EqualTo("ZTDDEZ"));
        Assert.That(_relay.Core.State.IsIdle);
    }

    [Test]
    public void The_statements_of_a_Query_are_counted_together() =>
        Assert.That(
            _relay.Client(Query("SELECT 1; SELECT 2")).Server(Columns((0, 0)), Row("1"), Row("2"), Complete("SELECT 2"), Columns((0, 0)), Row("3")).ClientSaw,
            Is.EqualTo("ZTDDCT"));

    [Test]
    public void What_comes_behind_waits_for_its_end()
    {
        _relay.Client(Parse("", "SELECT 1"), Bind("", ""), Execute(""), Sync);
        Assert.That(_relay.ServerSaw, Is.EqualTo("PBH"), "a rule matches: it is recorded first");
        _relay.Server(ParseComplete, BindComplete);
        Assert.That(_relay.ServerSaw, Is.EqualTo("PBHEH"));
        _relay.Server(Row("1"), Complete("SELECT 1"));
        Assert.That(_relay.ServerSaw, Is.EqualTo("PBHEHS"));
    }

    [Test]
    public void An_Execute_that_was_done_before_the_cancel_fails_on_the_server_too()
    {
        _relay.AtLimit = End;
        _relay.Client(Parse("", "SELECT 1"), Bind("", ""), Execute("")).Server(ParseComplete, BindComplete);
        _relay.Server(Rows, Complete("SELECT 4"));
        Assert.That(_relay.ClientSaw, Is.EqualTo("Z12DDE"), "the client need not send anything to hear of it");
        _relay.Client(Bind("", ""), Execute(""), Sync);
        Assert.That(_relay.ServerSaw, Is.EqualTo("PBHEES"), "what comes before the Sync is passed over, and the transaction fails");
        _relay.Server(Error("34000", "portal does not exist"), Ready('E'));
        Assert.That(_relay.ClientSaw, Is.EqualTo("Z12DDEZ"));
        Assert.That(_relay.Core.State.Limited, Is.Zero);
    }

    [Test]
    public void A_portal_is_counted_over_all_its_runs()
    {
        _relay.Client(Parse("", "SELECT 1"), Bind("p", ""), Execute("p", 1)).Server(ParseComplete, BindComplete, Row("1"), PortalSuspended);
        _relay.Client(Execute("p", 1)).Server(Row("2"), PortalSuspended);
        _relay.Client(Execute("p", 1)).Server(Row("3"), PortalSuspended);
        Assert.That(_relay.ClientSaw, Is.EqualTo("Z12DsDs"));
        Assert.That(_relay.Core.Server.Paused, Is.Not.Null);
        _relay.AtLimit = server => server.GoOn("R1", null);
        _relay.Server([[]]);
        _relay.Client(Execute("p", 1)).Server(Row("4"), Complete("SELECT 1"));
        Assert.That(_relay.ClientSaw, Is.EqualTo("Z12DsDsDsDC"), "once it may go on it may to its end");
    }

    [Test]
    public void A_suspended_portal_that_is_ended_fails_on_the_server_too()
    {
        _relay.AtLimit = End;
        _relay.Client(Parse("", "SELECT 1"), Bind("p", ""), Execute("p", 3), Sync).Server(ParseComplete, BindComplete, Row("1"), Row("2"), Row("3"), PortalSuspended);
        Assert.That((_relay.ClientSaw, _relay.ServerSaw), Is.EqualTo(("Z12DDE", "PBHEHES")));
    }

    [Test]
    public void A_portal_that_was_ended_says_so_each_time_that_it_is_run_on()
    {
        _relay.AtLimit = End;
        _relay.Client(Parse("", "SELECT 1"), Bind("p", ""), Execute("p", 3), Sync).Server(ParseComplete, BindComplete, Row("1"), Row("2"), Row("3"), PortalSuspended);
        _relay.Server(Error("34000", "portal does not exist"), Ready('E'));
        _relay.Client(Query("ROLLBACK TO s")).Server(Complete("ROLLBACK"), Ready('T'));
        _relay.Client(Execute("p", 3), Sync).Server(Row("4"), Complete("SELECT 1"));
        Assert.That(_relay.ClientSaw, Is.EqualTo("Z12DDEZCZE"));
    }

    [Test]
    public void A_function_call_whose_result_would_be_held_by_size_is_denied()
    {
        var policy = new PolicySource(new Policy { Approvals = [TwoRows with { Kinds = StatementKinds.Code }] });
        var context = new SessionContext("app", new Core.Identity.Principal("alice", [], "127.0.0.1", ""), "db", policy, null, new MaskKey("0123456789abcdef"u8));
        Assert.That(new StatementJudge(context, new RelayState()).JudgeFunctionCall().Verdict.Action, Is.EqualTo(RuleAction.Deny));
    }

    [Test]
    public void The_messages_of_a_COPY_are_its_rows()
    {
        _relay.AtLimit = End;
        _relay.Client(Query("COPY orders TO STDOUT")).Server(CopyOut(1), CopyRows, CopyDone, Complete("COPY 3"), Ready());
        Assert.That(_relay.ClientSaw, Is.EqualTo("ZHddEZ"));
    }

    [Test]
    public void A_masked_COPY_stops_between_two_messages()
    {
        var relay = new RelayBench(masking: true, holding: false, rules: TwoRows) { Approves = true, AtLimit = End }.Server(Ready());
        relay.Client(Query("COPY public.people (id, ssn) TO STDOUT"));
        relay.Server(ParseComplete, ParameterDescription, Columns((People, 1), (People, Masked)), CopyOut(2));
        relay.Server(CopyData("1\tsecret\n"u8), CopyData("2\tsecret\n"u8), CopyData("3\tsecret\n"u8), Error("57014", "canceling"), Ready(), Ready());
        Assert.That(relay.ClientSaw, Is.EqualTo("ZHddEZ"));
        Assert.That(Encoding.ASCII.GetString(relay.ToClient.ToArray()), Does.Not.Contain("secret"));
    }

    [Test]
    public void A_number_of_bytes_is_not_passed_by_a_part_of_a_row()
    {
        var relay = Bench(TwoRows with { MaxRows = null, MaxBytes = 100 });
        var large = Row(new string('x', 200));
        relay.Client(Query("SELECT 1")).Server(Columns((0, 0)), Row("1"), large[..30]);
        Assert.That(relay.ClientSaw, Is.EqualTo("ZTD"));
        Assert.That(relay.Core.Server.Paused?.Reached, Is.EqualTo("The result has more than 100 bytes (maxBytes), 1 rows of it were sent."));
    }

    [Test]
    public void The_number_for_which_it_was_approved_ends_it_without_asking()
    {
        ApprovalRule? asked = TwoRows;
        var relay = new RelayBench(masking: false) { Approves = true, MaxRows = 1, AtLimit = server => (asked, _) = (server.Paused!.Asks, EndOf(server)) }.Server(Ready());
        relay.Client(Query("DELETE FROM orders RETURNING 1")).Server(Columns((0, 0)), Rows, Error("57014", "canceling"), Ready());
        Assert.That((relay.ClientSaw, asked), Is.EqualTo(("ZTDEZ", (ApprovalRule?)null)));
    }

    [Test]
    public void An_approval_of_more_rows_ends_it_at_their_number()
    {
        _relay.AtLimit = server =>
        {
            if (server.Paused!.Asks is not null)
                server.GoOn("R1", 3);
            else
                End(server);
        };
        _relay.Client(Query("SELECT 1")).Server(Columns((0, 0)), Rows, Complete("SELECT 4"), Ready());
        Assert.That(_relay.ClientSaw, Is.EqualTo("ZTDDDEZ"));
    }

    [Test]
    public void However_the_bytes_come_it_is_the_same([Values(1, 3, 7, 50)] int size, [Values] bool masking)
    {
        var relay = new RelayBench(masking, holding: false, rules: TwoRows) { Approves = true, AtLimit = End }.Server(Ready());
        relay.Client(Query("SELECT ssn FROM people"));
        byte[] answer = [.. Columns((People, Masked)), .. Rows, .. Row(new string('x', 100)), .. Complete("SELECT 5"), .. Ready()];
        relay.Server([.. answer.Chunk(size)]);
        Assert.That(relay.ClientSaw, Is.EqualTo("ZTDDEZ"));
    }

    private static RelayBench Bench(ApprovalRule rule) => new RelayBench(masking: false, holding: false, rules: rule) { Approves = true }.Server(Ready());

    private static void End(ServerDirection server) => EndOf(server);

    private static bool EndOf(ServerDirection server)
    {
        server.EndResult(Error("42501", "over the limit"));
        return true;
    }
}
