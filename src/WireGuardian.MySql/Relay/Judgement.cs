using WireGuardian.Core.Policies;
using WireGuardian.MySql.Catalog;

namespace WireGuardian.MySql.Relay;

/// <summary>What policy and catalog say of a text, and under which policy and catalog they said it.</summary>
/// <param name="Verdict">Allow, hold or deny.</param>
/// <param name="Involves">For each statement: it may read masked columns, so what is not known to be a plain column is masked, and errors are redacted.</param>
/// <param name="Inner">For each statement: what it runs, where it is an EXECUTE; null for others.</param>
/// <param name="MayChangeCatalog">True when the catalog has to be read anew after it.</param>
/// <param name="MayChangeSettings">True when text after it may read differently.</param>
/// <param name="Policy">The policy that was in force.</param>
/// <param name="View">The picture of the catalog that was used; null where nothing is masked for this session.</param>
public sealed record Judgement(
    Verdict Verdict,
    IReadOnlyList<bool> Involves,
    IReadOnlyList<PreparedText?> Inner,
    bool MayChangeCatalog,
    bool MayChangeSettings,
    Policy Policy,
    ICatalogView? View)
{
    /// <summary>True when any of the statements involves masked columns.</summary>
    public bool InvolvesMasked { get; } = Involves.Contains(true);

    /// <summary>True when it passes at once, without a record of its own being awaited.</summary>
    public bool PassesAtOnce => Verdict is { Action: RuleAction.Allow, Rule: null };
}
