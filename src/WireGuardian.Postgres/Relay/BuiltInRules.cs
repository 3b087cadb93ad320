using WireGuardian.Core.Policies;
using WireGuardian.Core.Statements;

namespace WireGuardian.Postgres.Relay;

/// <summary>What is decided without a rule of the configuration, under names that records can show.</summary>
public static class BuiltInRules
{
    private const StatementKinds Any = (StatementKinds)~0;

    /// <summary>A statement that may write masked data where no rule masks it; <c>copies:</c> says hold or deny.</summary>
    public static ApprovalRule Copies(CopiesMode mode) => new()
    {
        Name = CopiesName,
        Kinds = Any,
        Action = mode == CopiesMode.Deny ? RuleAction.Deny : RuleAction.Hold,
    };

    public const string CopiesName = "copies";

    /// <summary>A statement that may use a masked column to choose, join, group or order rows, by the <c>predicates:</c> of the column's rule.</summary>
    public static ApprovalRule Predicates(RuleAction action) => new() { Name = "predicates", Kinds = Any, Action = action };

    /// <summary>A principal's budget of such statements is used up (<c>predicates: { perHour: …, then: … }</c>).</summary>
    public static ApprovalRule PredicateBudget(RuleAction action) => new() { Name = PredicateBudgetName, Kinds = Any, Action = action };

    public const string PredicateBudgetName = "predicate-budget";

    /// <summary>Data that leaves in a form in which it cannot be masked.</summary>
    public static ApprovalRule Masking { get; } = new() { Name = "masking", Kinds = Any, Action = RuleAction.Deny };

    /// <summary>Function-call messages, which no rule allows.</summary>
    public static ApprovalRule FunctionCall { get; } = new() { Name = "function-call", Kinds = StatementKinds.Code, Action = RuleAction.Deny };
}
