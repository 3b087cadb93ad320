using System.Collections.Concurrent;
using WireGuardian.Core.Approvals;

namespace WireGuardian.Testing.Approvals;

/// <summary>A store in memory that can be made to fail.</summary>
public sealed class InMemoryApprovalStore : IApprovalStore
{
    private readonly ConcurrentDictionary<string, ApprovalRequest> _requests = new();

    /// <summary>While true, every call throws.</summary>
    public bool IsBroken { get; set; }

    /// <summary>While true, it can be read, but not written.</summary>
    public bool RefusesSaving { get; set; }

    public void Save(ApprovalRequest request)
    {
        ThrowIfBroken();
        if (RefusesSaving)
            throw new ApprovalStoreException("The approval store of this test takes nothing.");
        _requests[request.Id] = request;
    }

    /// <summary>Runs in front of every <see cref="Find"/>.</summary>
    public Action BeforeFind { get; set; } = () => { };

    public ApprovalRequest? Find(string id)
    {
        BeforeFind();
        ThrowIfBroken();
        return _requests.GetValueOrDefault(id);
    }

    public IReadOnlyList<ApprovalRequest> InState(ApprovalState state, int limit)
    {
        ThrowIfBroken();
        return [.. _requests.Values.Where(request => request.State == state).OrderBy(request => request.CreatedAt).TakeLast(limit)];
    }

    public SimilarRequests? Similar(ApprovalRequest request)
    {
        ThrowIfBroken();
        return SimilarDecisions.Of([.. _requests.Values.Where(other => other.Rule == request.Rule && other.Statement == request.Statement)]);
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
