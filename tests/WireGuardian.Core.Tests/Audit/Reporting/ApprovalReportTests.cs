using WireGuardian.Core.Audit;
using WireGuardian.Core.Audit.Reporting;

namespace WireGuardian.Core.Tests.Audit.Reporting;

public sealed class ApprovalReportTests
{
    private static readonly DateTimeOffset Noon = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly List<AuditRecord> _records = [];

    [SetUp]
    public void SetUp() => _records.Clear();

    [Test]
    public void Requests_are_counted_by_rule_and_operator_with_their_waits()
    {
        Hold("a", 0, "ddl");
        Hold("b", 0, "ddl");
        Hold("c", 0, "exports");
        Hold("d", 0, "exports");
        Decide("a", 60, AuditEvents.Approve, "dana", "approved", "ddl");
        Outcome("a", 61, AuditEvents.Release, "ddl");
        Decide("b", 10, AuditEvents.Approve, "dana", "pending", "ddl");
        Decide("b", 120, AuditEvents.Approve, "erin", "approved", "ddl");
        Outcome("b", 121, AuditEvents.Release, "ddl");
        Decide("c", 180, AuditEvents.Deny, "erin", "denied", "exports");
        Outcome("d", 600, AuditEvents.Expire, "exports");
        var report = Build();
        Assert.That(report.Total, Is.EqualTo(new ApprovalTally
        {
            Name = "", Held = 4, Approvals = 3, Denials = 1, Released = 2, Expired = 1, MedianWait = TimeSpan.FromSeconds(120), P95Wait = TimeSpan.FromSeconds(180),
        }));
        Assert.That(report.ByRule.Select(rule => (rule.Name, rule.Held, rule.Released, rule.Denials, rule.Expired)), Is.EqualTo(new[]
        {
            ("ddl", 2L, 2L, 0L, 0L), ("exports", 2L, 0L, 1L, 1L),
        }));
        Assert.That(report.ByOperator.Select(one => (one.Name, one.Approvals, one.Denials, one.MedianWait?.TotalSeconds)), Is.EqualTo(new[]
        {
            ("dana", 2L, 0L, 60.0), ("erin", 1L, 1L, 120.0),
        }));
        Assert.That(report.Decisions.Select(decision => (decision.RequestId, decision.Operator, decision.Wait?.TotalSeconds)), Is.EqualTo(new[]
        {
            ("a", "dana", 60.0), ("b", "dana", 10.0), ("b", "erin", 120.0), ("c", "erin", 180.0),
        }));
    }

    [Test]
    public void A_requester_who_tries_to_decide_is_found_by_name_and_by_person()
    {
        Hold("a", 0, "ddl", "erin");
        Hold("b", 0, "ddl", "app", "erin.k");
        Decide("a", 1, AuditEvents.DecisionRefused, "Erin", "refused", "ddl", principal: "erin");
        Decide("b", 2, AuditEvents.DecisionRefused, "ek", "refused", "ddl", principal: "app", person: "erin.k");
        Decide("b", 3, AuditEvents.DecisionRefused, "frank", "refused", "ddl", principal: "app", person: "frank.m");
        var report = Build();
        Assert.That((report.Total.RefusedDecisions, report.Total.SelfApprovals), Is.EqualTo((3L, 2L)));
        Assert.That(report.Decisions.Select(decision => decision.IsSelfApproval), Is.EqualTo(new[] { true, true, false }));
    }

    [Test]
    public void Break_glass_and_calls_without_credentials_stand_out()
    {
        Hold("a", 0, "ddl");
        Decide("a", 5, AuditEvents.BreakGlass, "dana", "approved", "ddl", detail: "the shop is down");
        _records.Add(new AuditRecord { Time = Noon, Event = AuditEvents.OperatorRefused, Client = "192.0.2.9" });
        _records.Add(new AuditRecord { Time = Noon, Event = AuditEvents.OperatorRefused, Client = "192.0.2.9" });
        _records.Add(new AuditRecord { Time = Noon, Event = AuditEvents.OperatorRefused, Client = "192.0.2.1" });
        var report = Build();
        Assert.That((report.Total.BreakGlass, report.Total.MedianWait), Is.EqualTo((1L, (TimeSpan?)TimeSpan.FromSeconds(5))));
        Assert.That(report.Decisions.Single().Reason, Is.EqualTo("the shop is down"));
        Assert.That(report.RefusedOperators, Is.EqualTo(new[] { KeyValuePair.Create("192.0.2.9", 2L), KeyValuePair.Create("192.0.2.1", 1L) }));
    }

    [Test]
    public void Only_the_period_counts_but_a_wait_may_begin_before_it()
    {
        Hold("a", 0, "ddl");
        Decide("a", 100, AuditEvents.Approve, "dana", "approved", "ddl");
        Hold("b", 150, "ddl");
        Decide("b", 200, AuditEvents.Deny, "dana", "denied", "ddl");
        var report = Build(Noon.AddSeconds(50), Noon.AddSeconds(200));
        Assert.That((report.Total.Held, report.Total.Approvals, report.Total.Denials), Is.EqualTo((1L, 1L, 0L)));
        Assert.That(report.Total.MedianWait, Is.EqualTo(TimeSpan.FromSeconds(100)));
    }

    [Test]
    public void The_95th_percentile_is_the_nearest_rank()
    {
        for (var second = 1; second <= 100; second++)
        {
            Hold($"r{second}", 0, "ddl");
            Decide($"r{second}", second, AuditEvents.Approve, "dana", "approved", "ddl");
        }
        Assert.That((Build().Total.MedianWait, Build().Total.P95Wait), Is.EqualTo(((TimeSpan?)TimeSpan.FromSeconds(50), (TimeSpan?)TimeSpan.FromSeconds(95))));
    }

    [Test]
    public void A_long_list_of_decisions_leaves_out_the_oldest_and_says_so()
    {
        for (var index = 0; index < ApprovalReportBuilder.MostDecisions + 3; index++)
            Decide($"r{index}", index, AuditEvents.Deny, "dana", "denied", "ddl");
        var report = Build();
        Assert.That((report.Decisions.Count, report.DecisionsLeftOut, report.Decisions[0].RequestId), Is.EqualTo((ApprovalReportBuilder.MostDecisions, 3L, "r3")));
        Assert.That(report.Total.Denials, Is.EqualTo(ApprovalReportBuilder.MostDecisions + 3));
    }

    private ApprovalReport Build(DateTimeOffset? since = null, DateTimeOffset? until = null)
    {
        var builder = new ApprovalReportBuilder(since, until);
        for (var index = 0; index < _records.Count; index++)
            builder.Add(index + 1, _records[index]);
        return builder.Build();
    }

    private void Hold(string id, int second, string rule, string principal = "app", string person = "") => _records.Add(new AuditRecord
    {
        Time = Noon.AddSeconds(second), Event = AuditEvents.Hold, RequestId = id, Rule = rule, Principal = principal, Person = person, Statement = "DROP TABLE t",
    });

    private void Decide(
        string id, int second, string happened, string by, string decision, string rule, string principal = "app", string person = "", string detail = "") =>
        _records.Add(new AuditRecord
        {
            Time = Noon.AddSeconds(second), Event = happened, RequestId = id, Rule = rule, Principal = principal, Operator = by, Decision = decision,
            Person = person, Detail = detail,
        });

    private void Outcome(string id, int second, string happened, string rule) =>
        _records.Add(new AuditRecord { Time = Noon.AddSeconds(second), Event = happened, RequestId = id, Rule = rule, Principal = "app" });
}
