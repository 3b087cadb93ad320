using WireGuardian.Core.Approvals;
using WireGuardian.Core.Masking;
using WireGuardian.Core.Policies;

namespace WireGuardian.Proxy.Explaining;

/// <summary>One column of a result.</summary>
/// <param name="Name">Its name; empty where the database gives it.</param>
/// <param name="Lineage"><c>plain</c>, <c>derived</c> or <c>unknown</c>.</param>
/// <param name="Sources">The base columns that it comes from, as people write them; none for a constant.</param>
/// <param name="Mask">The mask; null for none.</param>
/// <param name="Rule">The rule behind it; empty for none.</param>
/// <param name="Why">One sentence.</param>
public sealed record ExplainedColumn(string Name, string Lineage, IReadOnlyList<string> Sources, MaskKind? Mask, string Rule, string Why)
{
    /// <summary>The rule by which text in it is looked into; null where it is not, or is masked.</summary>
    public DetectionRule? Detection { get; init; }

    /// <summary>The same for operators.</summary>
    public ResultColumn ToShown() => new(Name, Lineage, Sources, Mask?.ToString().ToLowerInvariant() ?? "", Rule, Why);
}
