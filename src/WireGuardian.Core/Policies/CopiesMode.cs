namespace WireGuardian.Core.Policies;

/// <summary>What happens to a statement that writes masked data where no rule masks it.</summary>
public enum CopiesMode
{
    Hold,
    Deny,

    /// <summary>The columns that get the data are masked from then on; where it is not known which those are, the statement is held.</summary>
    Label,
}
