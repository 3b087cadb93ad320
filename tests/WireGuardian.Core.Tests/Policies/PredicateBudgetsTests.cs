using WireGuardian.Core.Policies;
using WireGuardian.Testing.Time;

namespace WireGuardian.Core.Tests.Policies;

public sealed class PredicateBudgetsTests
{
    private readonly FakeTime _time = new();

    [Test]
    public void A_budget_is_that_of_the_last_hour()
    {
        var budgets = new PredicateBudgets(_time);
        var two = new PredicateBudget("identity", 2, RuleAction.Deny);
        Assert.That(budgets.TryTake("ann", [two]), Is.Null);
        _time.Advance(TimeSpan.FromMinutes(40));
        Assert.That(budgets.TryTake("ann", [two]), Is.Null);
        Assert.That(budgets.TryTake("ann", [two]), Is.EqualTo(two));
        Assert.That(budgets.TryTake("bob", [two]), Is.Null, "another principal");
        _time.Advance(TimeSpan.FromMinutes(20));
        Assert.That(budgets.TryTake("ann", [two]), Is.Null, "the first is an hour old");
        Assert.That(budgets.TryTake("ann", [two]), Is.EqualTo(two));
    }

    [Test]
    public void Nothing_is_taken_where_one_of_several_is_used_up_and_what_is_given_back_is_there_again()
    {
        var budgets = new PredicateBudgets(_time);
        var (one, two) = (new PredicateBudget("identity", 1, RuleAction.Hold), new PredicateBudget("contact", 2, RuleAction.Deny));
        Assert.That(budgets.TryTake("ann", [one, two]), Is.Null);
        Assert.That(budgets.TryTake("ann", [one, two]), Is.EqualTo(one));
        Assert.That(budgets.TryTake("ann", [two]), Is.Null, "the second try took nothing of it");
        budgets.GiveBack("ann", [one]);
        Assert.That(budgets.TryTake("ann", [one]), Is.Null);
        Assert.That(budgets.TryTake("ann", [one]), Is.EqualTo(one));
    }

    [Test]
    public void Where_there_is_no_room_to_count_nobody_else_has_a_budget_until_there_is()
    {
        var budgets = new PredicateBudgets(_time);
        var ten = new PredicateBudget("identity", 10, RuleAction.Deny);
        for (var index = 0; index < PredicateBudgets.MostCounts; index++)
            Assert.That(budgets.TryTake($"login {index}", [ten]), Is.Null);
        Assert.That(budgets.TryTake("one more", [ten]), Is.EqualTo(ten));
        Assert.That(budgets.TryTake("login 7", [ten]), Is.Null);
        _time.Advance(TimeSpan.FromHours(1));
        Assert.That(budgets.TryTake("one more", [ten]), Is.Null);
    }
}
