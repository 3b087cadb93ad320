using WireGuardian.Core.Policies;

namespace WireGuardian.Core.Approvals;

/// <summary>
/// Denials of statements whose connections do not wait: whoever comes back hears of it for as long as an approval would have been valid, and does not make a new
/// request. Guarded by the queue's lock.
/// </summary>
/// <param name="most">Beyond so many, the oldest are forgotten.</param>
internal sealed class RecentDenials(int most)
{
    private readonly Dictionary<string, ApprovalRequest> _byDigest = [];

    public void Add(ApprovalRequest request)
    {
        if (request is not { State: ApprovalState.Denied, Mode: HoldMode.Resubmit })
            return;
        if (_byDigest.Count >= most && !_byDigest.ContainsKey(request.Digest))
            _byDigest.Remove(_byDigest.MinBy(one => DeniedAt(one.Value)).Key);
        _byDigest[request.Digest] = request;
    }

    public ApprovalRequest? Find(string digest, DateTimeOffset now)
    {
        if (!_byDigest.TryGetValue(digest, out var request))
            return null;
        if (DeniedAt(request) + request.Validity > now)
            return request;
        _byDigest.Remove(digest);
        return null;
    }

    private static DateTimeOffset DeniedAt(ApprovalRequest request) => request.Approvals.Count > 0 ? request.Approvals[^1].Time : request.CreatedAt;
}
