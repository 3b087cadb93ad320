using Google.Protobuf.WellKnownTypes;
using WireGuardian.ControlPlane.Grpc;
using WireGuardian.ControlPlane.Tests.Hosting;
using WireGuardian.ControlPlane.V1;
using WireGuardian.Core.Audit;
using WireGuardian.Server.ControlPlane;
using HeadMessage = WireGuardian.ControlPlane.V1.AuditHead;

namespace WireGuardian.ControlPlane.Tests.Server;

public class ControlPlaneServiceTests
{
    private ControlPlaneHost _host = null!;
    private ControlPlaneClient _dana = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _host = await ControlPlaneHost.StartAsync(new ControlPlaneOptions { ListSize = 2000, ListedStatementLength = 100 });
        _dana = _host.Client();
    }

    [TearDown]
    public async Task StopAsync() => await _host.DisposeAsync();

    [Test]
    public async Task A_request_arrives_with_all_its_fields()
    {
        var held = Samples.Request("R1") with { Approvals = [new("erin", true, "looks fine", Samples.Noon)], Minimum = 2 };
        _host.Queue.Set(held);
        var request = (await _dana.GetRequestAsync(new GetRequestRequest { Id = "R1" }, default)).Request;
        Assert.That(request, Is.EqualTo(new ApprovalRequest
        {
            Id = "R1",
            State = ApprovalState.Pending,
            Listener = "app-pg",
            Protocol = "postgres",
            User = "ana",
            Database = "shop",
            Client = "192.0.2.7",
            Application = "psql",
            Statement = "DELETE FROM people WHERE id = ?",
            Kinds = { "delete", "explain" },
            Relations = { "public.people" },
            Rule = "writes",
            Reason = "Rule writes holds delete.",
            CreatedAt = Samples.Noon.ToTimestamp(),
            ExpiresAt = Samples.Noon.AddMinutes(10).ToTimestamp(),
            Approvals = { new Approval { Operator = "erin", Approved = true, Reason = "looks fine", Time = Samples.Noon.ToTimestamp(), Person = "erin" } },
            Approvers = { "dba" },
            Minimum = 2,
            Digest = new string('a', 64),
            Mode = HoldMode.Wait,
            Context = new RequestContext(),
        }));
    }

    [Test]
    public async Task Pending_requests_are_listed_oldest_first()
    {
        _host.Queue.Set(Samples.Request("R1"));
        _host.Queue.Set(Samples.Request("R2") with { State = Core.Approvals.ApprovalState.Denied });
        _host.Queue.Set(Samples.Request("R3"));
        var response = await _dana.ListRequestsAsync(new ListRequestsRequest(), default);
        Assert.That(response.Requests.Select(r => r.Id), Is.EqualTo(new[] { "R1", "R3" }));
        Assert.That(response.Truncated, Is.False);
    }

    [Test]
    public async Task A_limit_leaves_out_the_oldest_and_says_so()
    {
        _host.Queue.Set(Samples.Request("R1"));
        _host.Queue.Set(Samples.Request("R2"));
        var response = await _dana.ListRequestsAsync(new ListRequestsRequest { Limit = 1 }, default);
        Assert.That(response.Requests.Single().Id, Is.EqualTo("R2"));
        Assert.That(response.Truncated, Is.True);
    }

    [Test]
    public async Task A_list_stops_before_it_is_too_large_for_a_message()
    {
        for (var i = 0; i < 20; i++)
            _host.Queue.Set(Samples.Request($"R{i}"));
        var response = await _dana.ListRequestsAsync(new ListRequestsRequest(), default);
        Assert.That(response.CalculateSize(), Is.LessThan(2100));
        Assert.That(response.Requests[^1].Id, Is.EqualTo("R19"));
        Assert.That(response.Truncated, Is.True);
    }

    [Test]
    public async Task A_long_statement_is_shortened_in_a_list_and_whole_by_itself()
    {
        var statement = new string('x', 99) + "😀 and more";
        _host.Queue.Set(Samples.Request("R1") with { Statement = statement });
        var listed = (await _dana.ListRequestsAsync(new ListRequestsRequest(), default)).Requests.Single();
        Assert.That(listed.Statement, Is.EqualTo(new string('x', 99)));
        Assert.That(listed.StatementTruncated, Is.True);
        var whole = (await _dana.GetRequestAsync(new GetRequestRequest { Id = "R1" }, default)).Request;
        Assert.That(whole.Statement, Is.EqualTo(statement));
        Assert.That(whole.StatementTruncated, Is.False);
    }

    [Test]
    public Task A_queue_that_keeps_no_decided_requests_cannot_list_them()
        => AssertStatusAsync(StatusCode.Unimplemented, () => _dana.ListRequestsAsync(new ListRequestsRequest { State = ApprovalState.Denied }, default));

    [Test]
    public Task An_unknown_state_is_an_invalid_argument()
        => AssertStatusAsync(StatusCode.InvalidArgument, () => _dana.ListRequestsAsync(new ListRequestsRequest { State = (ApprovalState)99 }, default));

    [Test]
    public async Task An_approval_counts_for_the_operator_whose_token_it_is()
    {
        _host.Queue.Set(Samples.Request("R1"));
        var response = await _dana.ApproveAsync(new ApproveRequest { Id = "R1", Reason = "ok" }, default);
        Assert.That(response.Request.State, Is.EqualTo(ApprovalState.Approved));
        Assert.That(response.Request.Approvals.Single().Operator, Is.EqualTo("dana"));
    }

    [Test]
    public async Task A_first_approval_of_two_leaves_the_request_pending()
    {
        _host.Queue.Set(Samples.Request("R1") with { Minimum = 2 });
        var response = await _dana.ApproveAsync(new ApproveRequest { Id = "R1" }, default);
        Assert.That(response.Request.State, Is.EqualTo(ApprovalState.Pending));
    }

    [Test]
    public async Task A_denial_counts()
    {
        _host.Queue.Set(Samples.Request("R1"));
        var response = await _dana.DenyAsync(new DenyRequest { Id = "R1", Reason = "not today" }, default);
        Assert.That(response.Request.State, Is.EqualTo(ApprovalState.Denied));
        Assert.That(response.Request.Approvals.Single().Reason, Is.EqualTo("not today"));
    }

    [TestCase("")]
    [TestCase("  \t")]
    public async Task A_denial_without_a_reason_is_refused(string reason)
    {
        _host.Queue.Set(Samples.Request("R1"));
        await AssertStatusAsync(StatusCode.InvalidArgument, () => _dana.DenyAsync(new DenyRequest { Id = "R1", Reason = reason }, default));
        Assert.That(_host.Queue.Pending, Has.Count.EqualTo(1));
    }

    [Test]
    public Task A_reason_that_is_too_long_is_refused()
        => AssertStatusAsync(StatusCode.InvalidArgument, () => _dana.ApproveAsync(new ApproveRequest { Id = "R1", Reason = new string('x', 1001) }, default));

    [Test]
    public async Task A_decision_on_an_unknown_request_is_not_found_and_reaches_the_queue_that_records_it()
    {
        await AssertStatusAsync(StatusCode.NotFound, () => _dana.ApproveAsync(new ApproveRequest { Id = " nope " }, default));
        Assert.That(_host.Queue.Asked, Is.EqualTo(new[] { "nope" }));
    }

    [Test]
    public async Task A_decision_on_a_decided_request_is_a_failed_precondition()
    {
        _host.Queue.Set(Samples.Request("R1") with { State = Core.Approvals.ApprovalState.Expired });
        await AssertStatusAsync(StatusCode.FailedPrecondition, () => _dana.ApproveAsync(new ApproveRequest { Id = "R1" }, default));
    }

    [Test]
    public async Task A_batch_says_of_each_request_that_it_lists_whether_it_counted()
    {
        _host.Queue.Set(Samples.Request("R1"));
        _host.Queue.Set(Samples.Request("R2") with { State = Core.Approvals.ApprovalState.Expired });
        _host.Queue.Set(Samples.Request("R3"));
        var results = (await _dana.ApproveBatchAsync(new ApproveBatchRequest { Ids = { "R1", "R2", "nope" } }, default)).Results;
        Assert.That(results.Select(result => (result.Id, result.Counted)), Is.EqualTo(new[] { ("R1", true), ("R2", false), ("nope", false) }));
        Assert.That(results[1].Problem, Is.Not.Empty);
        Assert.That(_host.Queue.Find("R3")!.Approvals, Is.Empty, "nothing else is approved");
    }

    [Test]
    public async Task A_decision_by_the_requester_is_not_permitted()
    {
        _host.Queue.Set(Samples.Request("R1", user: "dana"));
        await AssertStatusAsync(StatusCode.PermissionDenied, () => _dana.ApproveAsync(new ApproveRequest { Id = "R1" }, default));
    }

    [Test]
    public async Task A_decision_that_cannot_be_recorded_is_unavailable()
    {
        _host.Queue.Set(Samples.Request("R1"));
        _host.Queue.AuditUnavailable = true;
        await AssertStatusAsync(StatusCode.Unavailable, () => _dana.ApproveAsync(new ApproveRequest { Id = "R1" }, default));
    }

    [TestCase("R7K2", " r7k2\n")]
    [TestCase("r7k2", "R7K2")]
    public async Task An_id_is_taken_in_any_case_and_with_space_around_it(string id, string typed)
    {
        _host.Queue.Set(Samples.Request(id));
        _host.Audit.Append(Samples.Record(AuditEvents.Hold, id));
        Assert.That((await _dana.GetRequestAsync(new GetRequestRequest { Id = typed }, default)).Request.Id, Is.EqualTo(id));
        Assert.That((await _dana.QueryAuditAsync(new QueryAuditRequest { RequestId = typed }, default)).Records, Has.Count.EqualTo(1));
        Assert.That((await _dana.ApproveAsync(new ApproveRequest { Id = typed }, default)).Request.Id, Is.EqualTo(id));
    }

    [Test]
    public async Task The_audit_trail_is_narrowed_by_limit_time_and_request()
    {
        _host.Audit.Append(Samples.Record(AuditEvents.Login) with { Time = Samples.Noon.AddHours(-2) });
        _host.Audit.Append(Samples.Record(AuditEvents.Hold, "R1"));
        _host.Audit.Append(Samples.Record(AuditEvents.Release, "R1"));
        Assert.That(await EventsAsync(new QueryAuditRequest()), Is.EqualTo(new[] { "login", "hold", "release" }));
        Assert.That(await EventsAsync(new QueryAuditRequest { Limit = 1 }), Is.EqualTo(new[] { "release" }));
        Assert.That(await EventsAsync(new QueryAuditRequest { Since = Samples.Noon.ToTimestamp() }), Is.EqualTo(new[] { "hold", "release" }));
        Assert.That(await EventsAsync(new QueryAuditRequest { RequestId = "R1", Limit = 1 }), Is.EqualTo(new[] { "release" }));
    }

    [Test]
    public async Task An_audit_record_arrives_with_all_its_fields()
    {
        _host.Audit.Append(Samples.Record(AuditEvents.Hold, "R1") with
        {
            Operator = "dana",
            Digest = "d1",
            Detail = "why",
            Count = 3,
            Channel = "slack",
            PolicyVersion = "7",
            Person = "dana.k",
        });
        var record = (await _dana.QueryAuditAsync(new QueryAuditRequest(), default)).Records.Single();
        Assert.That(record, Is.EqualTo(new V1.AuditRecord
        {
            Sequence = 1,
            Time = Samples.Noon.ToTimestamp(),
            Event = "hold",
            RequestId = "R1",
            Principal = "ana",
            Client = "192.0.2.7",
            Operator = "dana",
            Listener = "app-pg",
            Database = "shop",
            Statement = "DELETE FROM people WHERE id = ?",
            Kinds = { "delete" },
            Decision = "hold",
            Rule = "writes",
            Digest = "d1",
            Detail = "why",
            Count = 3,
            PreviousHash = "hash0",
            Hash = "hash1",
            Channel = "slack",
            PolicyVersion = "7",
            Person = "dana.k",
            FormatVersion = 3,
        }));
    }

    [Test]
    public Task A_limit_below_zero_is_an_invalid_argument()
        => AssertStatusAsync(StatusCode.InvalidArgument, () => _dana.QueryAuditAsync(new QueryAuditRequest { Limit = -1 }, default));

    [Test]
    public async Task The_server_tells_what_it_is()
    {
        _host.Queue.Set(Samples.Request("R1"));
        _host.Audit.Append(Samples.Record(AuditEvents.Start));
        Assert.That(await _dana.GetServerInfoAsync(new GetServerInfoRequest(), default), Is.EqualTo(new GetServerInfoResponse
        {
            Version = "1.2.3",
            StartedAt = Samples.Noon.ToTimestamp(),
            PolicyVersion = "policy-7",
            Pending = 1,
            AuditHead = new HeadMessage { Sequence = 1, Hash = "hash1" },
            Operator = "dana",
            Listeners = { new Listener { Name = "app-pg", Protocol = "postgres", Listen = "127.0.0.1:6432", Upstream = "127.0.0.1:5432" } },
        }));
    }

    private async Task<IEnumerable<string>> EventsAsync(QueryAuditRequest question)
        => (await _dana.QueryAuditAsync(question, default)).Records.Select(r => r.Event);

    private static async Task AssertStatusAsync<T>(StatusCode status, Func<Task<T>> call)
        => Assert.That((await Assert.ThrowsAsync<RpcException>(async () => await call()))!.StatusCode, Is.EqualTo(status));
}
