namespace WireGuardian.Core.Audit;

/// <summary>What a walk over the whole chain found.</summary>
/// <param name="Records">How many records were good, counted from the first.</param>
/// <param name="FirstBadSequence">The first sequence at which the chain does not hold (altered, missing, moved); null when it holds.</param>
/// <param name="Head">The last good record.</param>
public sealed record AuditVerification(long Records, long? FirstBadSequence, AuditHead Head)
{
    public bool IsIntact => FirstBadSequence is null;
}
