namespace WireGuardian.Core.Policies;

/// <summary>What becomes of the connection whose statement is held.</summary>
public enum HoldMode
{
    /// <summary>It waits for the decision.</summary>
    Wait,

    /// <summary>The statement is refused at once; sent again after its approval it passes, once.</summary>
    Resubmit,
}
