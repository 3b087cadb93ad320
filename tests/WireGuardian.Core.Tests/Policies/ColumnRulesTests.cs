using WireGuardian.Core.Masking;
using WireGuardian.Core.Masking.Documents;
using WireGuardian.Core.Policies;

namespace WireGuardian.Core.Tests.Policies;

/// <summary>What several rules come to on one column.</summary>
[TestFixture]
public sealed class ColumnRulesTests
{
    private static readonly MaskingRule First = Rule("first", MaskKind.Redact, "support");
    private static readonly MaskingRule Second = Rule("second", MaskKind.Token);
    private static readonly MaskingRule Third = Rule("third", MaskKind.Null, "support");
    private static readonly MaskingRule[] Order = [First, Second, Third];

    [Test]
    public void Rules_for_places_all_apply_in_the_order_of_the_configuration()
    {
        var column = ColumnRules.With(ColumnRules.With(null, Part(Second, "->'b'"), Order), Part(First, "->'a'"), Order);
        Assert.That(column.Places!.ToString(), Is.EqualTo("->'a' by redact, ->'b' by token"));
        Assert.That(ColumnRules.With(column, Part(First, "->'a'"), Order), Is.SameAs(column), "bound already");
        Assert.That(ColumnRules.Behind(column), Is.EqualTo(new[] { First, Second }));
        Assert.That(column.Mask, Is.EqualTo(MaskKind.Redact), "what is not masked place by place is hidden");
    }

    [Test]
    public void A_rule_for_the_whole_column_ends_the_list()
    {
        Assert.That(ColumnRules.With(ColumnRules.With(null, Part(Second, "->'b'"), Order), new(First, null), Order), Is.SameAs(First));
        var column = ColumnRules.With(ColumnRules.With(null, new(Second, null), Order), Part(First, "->'a'"), Order);
        Assert.That(column.Places!.ToString(), Is.EqualTo("->'a' by redact, the rest by token"));
        Assert.That(ColumnRules.With(column, Part(Third, "->'c'"), Order).Places!.ToString(), Is.EqualTo("->'a' by redact, the rest by token"));
        Assert.That(ColumnRules.With(Second, new(First, null), Order), Is.SameAs(Second), "as it is bound, it stays");
    }

    [Test]
    public void Who_is_exempt_from_a_rule_sees_its_places()
    {
        var column = ColumnRules.With(ColumnRules.With(null, Part(Second, "->'b'"), Order), Part(First, "->'a'"), Order);
        var seen = ColumnRules.Effective(column, rule => !rule.Exempt.Contains("support"))!;
        Assert.That(seen.Places!.ToString(), Is.EqualTo("->'a' is left as it is, ->'b' by token"));
        Assert.That((seen.Name, seen.InForce), Is.EqualTo(("second", (IReadOnlyList<MaskingRule>)[Second])));
        Assert.That(ColumnRules.Effective(column, _ => false), Is.Null);
    }

    [Test]
    public void A_reload_keeps_what_is_still_in_force()
    {
        var column = ColumnRules.With(ColumnRules.With(null, Part(Second, "->'b'"), Order), Part(First, "->'a'"), Order);
        Assert.That(ColumnRules.Renewed(column, rule => rule == First ? First : null, Order)!.Places!.ToString(), Is.EqualTo("->'a' by redact"));
        Assert.That(ColumnRules.Renewed(column, _ => null, Order), Is.Null);
    }

    [Test]
    public void A_column_that_is_another_one_too_has_the_places_of_both()
    {
        var own = ColumnRules.With(null, Part(First, "->'a'"), Order);
        var other = ColumnRules.With(ColumnRules.With(null, Part(First, "->'a'"), Order), Part(Second, "->'b'"), Order);
        Assert.That(ColumnRules.Together(own, other, Order.Contains), Is.SameAs(other));
        Assert.That(ColumnRules.Together(other, own, Order.Contains), Is.SameAs(other));
        Assert.That(ColumnRules.Together(own, Third, Order.Contains).Places!.ToString(), Is.EqualTo("->'a' by redact, the rest by null"));
        Assert.That(ColumnRules.Together(own, ColumnRules.With(null, Part(Third, "->'c'"), Order), Order.Contains).Places!.ToString(), Is.EqualTo("->'a' by redact, ->'c' by null"));
    }

    private static RulePart Part(MaskingRule rule, string path) => new(rule, JsonPath.TryRead(path, 0, out var read, out _) ? read : throw new FormatException(path));

    private static MaskingRule Rule(string name, MaskKind mask, params string[] exempt) => new() { Name = name, Columns = [], Mask = mask, Exempt = exempt };
}
