using WireGuardian.Core.Approvals;
using static WireGuardian.Core.Tests.Approvals.QueueFixture;

namespace WireGuardian.Core.Tests.Approvals;

/// <summary>Persons decide, whatever the names under which they come.</summary>
public sealed class PersonTests
{
    private QueueFixture _fixture = null!;

    [SetUp]
    public async Task Start() => _fixture = await QueueFixture.StartAsync();

    [TearDown]
    public void Stop() => _fixture.Dispose();

    [TestCase(DecisionVerb.Approve, "self-approval")]
    [TestCase(DecisionVerb.BreakGlass, "self-approval")]
    [TestCase(DecisionVerb.Deny, "refused")]
    public async Task The_requester_may_not_decide_under_another_name_and_the_attempt_is_told_apart(DecisionVerb verb, string recorded)
    {
        var held = await HoldAsync(_fixture.Request("dana_pg") with { Person = "dana", BreakGlass = ["dba"] });
        var outcome = await DecideAsync(held.Id, new(Omar with { Name = "dana_at_night", Person = "Dana" }, verb) { Reason = "mine" });
        Assert.That((outcome.Counted, outcome.Refusal), Is.EqualTo((false, DecisionRefusal.Requester)));
        Assert.That(outcome.Problem, Does.Contain("dana_at_night").And.Contain("dana_pg"));
        Assert.That(_fixture.Audit.Records[^1].Event, Is.EqualTo("decision-refused"));
        Assert.That(_fixture.Audit.Records[^1].Decision, Is.EqualTo(recorded));
        Assert.That(_fixture.Audit.Records[^1].Operator, Is.EqualTo("dana_at_night"));
        Assert.That(held.Decision.IsCompleted, Is.False);
    }

    [Test]
    public async Task Two_names_of_one_person_are_one_approval()
    {
        var held = await _fixture.HoldAsync(minimum: 2);
        Assert.That((await _fixture.ApproveAsync(held.Id, Dana)).Counted, Is.True);
        var again = await _fixture.ApproveAsync(held.Id, Omar with { Name = "dana_at_night", Person = "dana" });
        Assert.That((again.Counted, again.Refusal), Is.EqualTo((false, DecisionRefusal.NotPermitted)));
        Assert.That(again.Problem, Does.Contain("same person as dana"));
        Assert.That((await _fixture.ApproveAsync(held.Id, Omar)).Request!.State, Is.EqualTo(ApprovalState.Approved));
    }

    [Test]
    public async Task Who_approved_may_still_deny()
    {
        var held = await _fixture.HoldAsync(minimum: 2);
        await _fixture.ApproveAsync(held.Id, Dana);
        Assert.That((await _fixture.DenyAsync(held.Id, Dana, "I looked again")).Counted, Is.True);
        Assert.That((await held.Decision).State, Is.EqualTo(ApprovalState.Denied));
    }

    [Test]
    public async Task A_decision_names_its_person_and_its_channel()
    {
        var held = await _fixture.HoldAsync();
        await DecideAsync(held.Id, new(Dana with { Person = "dana d." }, DecisionVerb.Approve) { Channel = DecisionChannels.Slack });
        var decision = _fixture.Store.Find(held.Id)!.Approvals.Single();
        Assert.That((decision.Operator, decision.Person, decision.Channel), Is.EqualTo(("dana", "dana d.", "slack")));
    }

    private async Task<IHeldStatement> HoldAsync(ApprovalRequest request) => await _fixture.Queue.SubmitAsync(request, CancellationToken.None);

    private async Task<DecisionOutcome> DecideAsync(string id, OperatorDecision decision) => await _fixture.Queue.DecideAsync(id, decision, CancellationToken.None);
}
