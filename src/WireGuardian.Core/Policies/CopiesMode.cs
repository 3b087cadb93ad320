namespace WireGuardian.Core.Policies;

/// <summary>What happens to a statement that writes masked data where no rule masks it.</summary>
public enum CopiesMode
{
    Hold,
    Deny,
}
