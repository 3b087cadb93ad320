using WireGuardian.Core.Audit.Evidence;

namespace WireGuardian.Core.Audit;

/// <summary>
/// The trail as auditors read it: all of it, with its evidence. Every method throws <see cref="AuditUnavailableException"/> when the store cannot be read.
/// </summary>
public interface IAuditArchive
{
    /// <summary>The next records in the order of the chain.</summary>
    /// <param name="filter">Which are wanted.</param>
    /// <param name="after">The sequence that was read last; 0 at first.</param>
    /// <param name="scan">At most so many records are looked at, so that one page costs no more than that.</param>
    AuditPage Read(AuditFilter filter, long after, int scan);

    /// <summary>Sequence of the newest record; 0 when there is none.</summary>
    long End();

    /// <summary>The receipts of one request's decisions, oldest first.</summary>
    IReadOnlyList<SignedReceipt> Receipts(string requestId);

    /// <summary>The keys that have signed, oldest first; the last one is in use.</summary>
    IReadOnlyList<AuditPublicKey> SigningKeys();

    /// <summary>The newest checkpoint; null when there is none.</summary>
    SignedCheckpoint? NewestCheckpoint();
}

/// <summary>Some records of the trail.</summary>
/// <param name="Records">Those that match, in the order of the chain.</param>
/// <param name="LookedTo">Sequence of the last that was looked at: the next page begins after it.</param>
/// <param name="IsLast">True when there are no more.</param>
public sealed record AuditPage(IReadOnlyList<ChainedAuditRecord> Records, long LookedTo, bool IsLast);
