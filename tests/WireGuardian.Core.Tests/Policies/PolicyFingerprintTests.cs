using WireGuardian.Core.Identity;
using WireGuardian.Core.Masking;
using WireGuardian.Core.Policies;
using WireGuardian.Core.Statements;

namespace WireGuardian.Core.Tests.Policies;

public sealed class PolicyFingerprintTests
{
    private static readonly ApprovalRule Rule = new() { Name = "ddl", Kinds = StatementKinds.Ddl, Action = RuleAction.Hold };

    private static readonly Policy Policy = new()
    {
        Version = 1,
        Approvals = [Rule],
        Masking = [new() { Name = "ssn", Columns = [new("*", "*", "ssn")], Mask = MaskKind.Redact }],
        Groups = new Dictionary<string, IReadOnlyList<string>> { ["auditors"] = ["erin"] },
    };

    [Test]
    public void It_is_the_same_for_a_policy_that_says_the_same_whatever_its_version() =>
        Assert.That(PolicyFingerprint.Of(Policy with { Version = 7, Approvals = [Rule with { }] }), Is.EqualTo(PolicyFingerprint.Of(Policy)));

    [Test]
    public void Whatever_a_rule_a_group_or_a_person_says_is_in_it()
    {
        Policy[] others =
        [
            Policy with { Approvals = [Rule with { Minimum = 2 }] },
            Policy with { Approvals = [Rule with { BreakGlass = ["oncall"] }] },
            Policy with { Approvals = [Rule with { Mode = HoldMode.Resubmit }] },
            Policy with { Approvals = [Rule with { Kinds = StatementKinds.Ddl | StatementKinds.Delete }] },
            Policy with { Masking = [] },
            Policy with { Masking = [Policy.Masking[0] with { Columns = [new("*", "*", "email")] }] },
            Policy with { Copies = CopiesMode.Deny },
            Policy with { Groups = new Dictionary<string, IReadOnlyList<string>> { ["auditors"] = ["eve"] } },
            Policy with { People = new People([new() { Name = "dana", Logins = [new("app", "erin")] }]) },
        ];
        Assert.That(others.Select(PolicyFingerprint.Of).Append(PolicyFingerprint.Of(Policy)), Is.Unique);
    }
}
