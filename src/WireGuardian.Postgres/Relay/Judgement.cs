using WireGuardian.Core.Labels;
using WireGuardian.Core.Policies;
using WireGuardian.Core.Statements;
using WireGuardian.Postgres.Catalog;

namespace WireGuardian.Postgres.Relay;

/// <summary>What a statement's harmlessness rests on.</summary>
/// <param name="RunsCode">Users' code; otherwise nothing but its names.</param>
public sealed record Resting(bool RunsCode)
{
    /// <summary>Users' code.</summary>
    public static Resting OnCode { get; } = new(true);

    /// <summary>What its names mean.</summary>
    public static Resting OnNames { get; } = new(false);
}

/// <summary>What policy and catalog say of a statement, and under which policy and catalog they said it.</summary>
/// <param name="Verdict">Allow, hold or deny.</param>
/// <param name="InvolvesMasked">True when columns without an origin are masked, and errors and notices redacted.</param>
/// <param name="MayChangeCatalog">True when the catalog has to be read anew after its transaction.</param>
/// <param name="MayChangeSettings">True when text after it may read differently.</param>
/// <param name="MayOpenCursors">True when code may run that opens or closes cursors unseen.</param>
/// <param name="Policy">The policy that was in force.</param>
/// <param name="View">The picture of the catalog that was used; null where nothing is masked for this session.</param>
/// <param name="UncommittedVersion"><see cref="UncommittedCode.Version"/> when it was made.</param>
/// <param name="Runs">All that runs: the statements of the text, and what they run by a name.</param>
public sealed record Judgement(
    Verdict Verdict,
    bool InvolvesMasked,
    bool MayChangeCatalog,
    bool MayChangeSettings,
    bool MayOpenCursors,
    Policy Policy,
    ICatalogView? View,
    long UncommittedVersion,
    IReadOnlyList<StatementFacts> Runs)
{
    /// <summary>True where something could not be asked that it depends on: the next time the statement is judged anew.</summary>
    public bool IsPassing { get; init; }

    /// <summary>For each statement of the text that runs or reads something by a name: what that is, where that is sure. Null where there is none such.</summary>
    public IReadOnlyList<NamedQuery?>? Named { get; init; }

    /// <summary>The columns that have to be labelled before it is sent; it is judged anew then.</summary>
    public IReadOnlyList<LabelledColumn> Labels { get; init; } = [];

    /// <summary>The principal's budgets out of which it is taken each time that it is sent.</summary>
    public IReadOnlyList<PredicateBudget> Budgets { get; init; } = [];

    /// <summary>What of it may change what other sessions' statements mean.</summary>
    public IReadOnlyList<StatementFacts> Changes { get; init; } = [];

    /// <summary>One of those names masked columns, or what it does cannot be read.</summary>
    public bool TouchesMasked { get; init; }

    /// <summary>How far what it copies rests on what names and code mean when it runs; null where it writes nothing and runs no code of a user's.</summary>
    public Resting? Rests { get; init; }

    /// <summary>True when nothing that other sessions do can make it another statement, nor the other way round.</summary>
    public bool IsAlone => Changes.Count == 0 && Rests is null;

    /// <summary>True when the statement passes at once, without a record of its own being awaited.</summary>
    public bool PassesAtOnce => Verdict is { Action: RuleAction.Allow, Rule: null } && Labels.Count == 0;
}
