using WireGuardian.Core.Audit;
using WireGuardian.Core.Audit.Evidence;

namespace WireGuardian.ControlPlane.Tests.Hosting;

/// <summary>A trail of so many equal records, which can keep its readers waiting or fail.</summary>
internal sealed class FakeArchive(int records) : IAuditArchive
{
    private int _pages;

    public bool Unavailable { get; set; }

    /// <summary>Pages that were asked for.</summary>
    public int Pages => Volatile.Read(ref _pages);

    /// <summary>While it is set, no page comes.</summary>
    public ManualResetEventSlim? Gate { get; set; }

    public AuditPage Read(AuditFilter filter, long after, int scan)
    {
        Interlocked.Increment(ref _pages);
        Gate?.Wait();
        if (Unavailable)
            throw new AuditUnavailableException("The disk is gone.");
        var page = Enumerable.Range((int)after + 1, Math.Min(scan, records - (int)after))
            .Select(sequence => new ChainedAuditRecord(sequence, Samples.Record(AuditEvents.Statement), "", "")).ToList();
        return new AuditPage([.. page.Where(record => filter.Matches(record.Record))], after + page.Count, page.Count < scan);
    }

    public long End() => Unavailable ? throw new AuditUnavailableException("The disk is gone.") : records;

    public IReadOnlyList<SignedReceipt> Receipts(string requestId) => Unavailable ? throw new AuditUnavailableException("The disk is gone.") : [];

    public IReadOnlyList<AuditPublicKey> SigningKeys() => [];

    public SignedCheckpoint? NewestCheckpoint() => null;
}
