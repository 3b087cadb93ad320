using System.Collections.Concurrent;
using WireGuardian.Core.Approvals;

namespace WireGuardian.Testing.Approvals;

/// <summary>A store in memory that can be made to fail.</summary>
public sealed class InMemoryApprovalStore : IApprovalStore
{
    private readonly ConcurrentDictionary<string, ApprovalRequest> _requests = new();

    /// <summary>While true, every call throws.</summary>
    public bool IsBroken { get; set; }

    public void Save(ApprovalRequest request)
    {
        ThrowIfBroken();
        _requests[request.Id] = request;
    }

    public ApprovalRequest? Find(string id)
    {
        ThrowIfBroken();
        return _requests.GetValueOrDefault(id);
    }

    public IReadOnlyList<ApprovalRequest> Unfinished()
    {
        ThrowIfBroken();
        return
        [
            .. _requests.Values
                .Where(request => request.State is ApprovalState.Pending or ApprovalState.Approved)
                .OrderBy(request => request.CreatedAt),
        ];
    }

    private void ThrowIfBroken()
    {
        if (IsBroken)
            throw new ApprovalStoreException("The approval store of this test is broken.");
    }
}
