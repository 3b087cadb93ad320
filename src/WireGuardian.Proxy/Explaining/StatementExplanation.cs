using WireGuardian.Core.Policies;

namespace WireGuardian.Proxy.Explaining;

/// <summary>What would happen to one statement, and why.</summary>
/// <param name="Statement">Its text, with literals masked.</param>
/// <param name="Verdict">Its kinds, what becomes of it, and the rule that decides.</param>
/// <param name="InvolvesMasked">It may read masked columns: errors and notices are redacted, and columns of unknown lineage masked.</param>
/// <param name="Columns">The columns of its result; null where they are not known.</param>
/// <param name="Note">Why they are not known, or what becomes of them then; empty where there is nothing to say.</param>
public sealed record StatementExplanation(
    string Statement, Verdict Verdict, bool InvolvesMasked, IReadOnlyList<ExplainedColumn>? Columns, string Note)
{
    /// <summary>The rule by which text is looked into that no masking rule masks, where columns are not known; null for none.</summary>
    public DetectionRule? Detection { get; init; }

    /// <summary>The columns that it would label.</summary>
    public IReadOnlyList<ExplainedLabel> Labels { get; init; } = [];
}
