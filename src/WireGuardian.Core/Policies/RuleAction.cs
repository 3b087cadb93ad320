namespace WireGuardian.Core.Policies;

/// <summary>What a rule does with a statement that it matches.</summary>
public enum RuleAction
{
    Allow,
    Hold,
    Deny,
}
