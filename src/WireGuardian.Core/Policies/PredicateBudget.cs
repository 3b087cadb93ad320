namespace WireGuardian.Core.Policies;

/// <summary>How many statements a principal may send in an hour that use a rule's columns to choose, join, group or order rows.</summary>
/// <param name="Rule">The rule under whose name they are counted.</param>
/// <param name="PerHour">Statements in any 60 minutes, 1 to <see cref="MostPerHour"/>.</param>
/// <param name="Then">What becomes of those beyond: hold or deny.</param>
public sealed record PredicateBudget(string Rule, int PerHour, RuleAction Then)
{
    /// <summary>Each statement within the hour is remembered.</summary>
    public const int MostPerHour = 1000;
}
