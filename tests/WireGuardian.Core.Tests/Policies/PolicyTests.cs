using WireGuardian.Core.Identity;
using WireGuardian.Core.Masking;
using WireGuardian.Core.Policies;

namespace WireGuardian.Core.Tests.Policies;

public sealed class PolicyTests
{
    private static readonly Policy Policy = new()
    {
        Groups = new Dictionary<string, IReadOnlyList<string>>
        {
            ["support"] = ["sam"],
            ["auditors"] = ["erin", "audit_ro"],
            ["leads"] = ["erin"],
        },
        Masking =
        [
            new MaskingRule { Name = "everywhere", Columns = [], Mask = MaskKind.Redact },
            new MaskingRule { Name = "app", Columns = [], Mask = MaskKind.Null, Listeners = ["app-pg"], Exempt = ["auditors", "sam"] },
        ],
    };

    [Test]
    public void The_groups_of_a_login_are_those_that_list_it()
    {
        Assert.That(Policy.GroupsOf("erin"), Is.EqualTo(new[] { "auditors", "leads" }));
        Assert.That(Policy.GroupsOf("Erin"), Is.Empty);
        Assert.That(Policy.GroupsOf("auditors"), Is.Empty);
    }

    [Test]
    public void A_listener_has_its_own_masking_rules_and_those_of_all()
    {
        Assert.That(Policy.MaskingFor("app-pg").Select(rule => rule.Name), Is.EqualTo(new[] { "everywhere", "app" }));
        Assert.That(Policy.MaskingFor("other").Select(rule => rule.Name), Is.EqualTo(new[] { "everywhere" }));
    }

    [TestCase("erin", true)]
    [TestCase("sam", true)]
    [TestCase("bob", false)]
    public void A_rule_exempts_by_login_or_group(string login, bool exempt)
    {
        var principal = new Principal(login, Policy.GroupsOf(login), "127.0.0.1", "psql");
        Assert.That(Policy.Masking[1].Exempts(principal), Is.EqualTo(exempt));
        Assert.That(Policy.Masking[0].Exempts(principal), Is.False);
    }
}
