using System.Collections.Concurrent;

namespace WireGuardian.Core.Approvals;

/// <summary>
/// The store as the queue sees it once a change has happened. A change that the store cannot take is kept here and saved with the next one: the
/// audit trail already has it, so it must not be undone for the store's sake.
/// </summary>
internal sealed class ApprovalArchive(IApprovalStore store)
{
    // Beyond this many, changes stay unsaved; a restart puts the store right from the audit trail.
    private const int MaximumUnsaved = 1000;

    private readonly Lock _saving = new();
    private readonly ConcurrentDictionary<string, ApprovalRequest> _unsaved = new();

    public void Keep(ApprovalRequest request)
    {
        // One at a time: an older picture of a request must not overtake a newer one.
        lock (_saving)
        {
            try
            {
                store.Save(request);
                _unsaved.TryRemove(request.Id, out _);
                SaveRest();
            }
            catch (ApprovalStoreException)
            {
                if (_unsaved.ContainsKey(request.Id) || _unsaved.Count < MaximumUnsaved)
                    _unsaved[request.Id] = request;
            }
        }
    }

    /// <summary>Throws <see cref="ApprovalStoreException"/> when the store cannot be read.</summary>
    public ApprovalRequest? Find(string id) => _unsaved.TryGetValue(id, out var request) ? request : store.Find(id);

    /// <summary>The newest in a state, oldest first. Throws <see cref="ApprovalStoreException"/> when the store cannot be read.</summary>
    public IReadOnlyList<ApprovalRequest> InState(ApprovalState state, int limit)
    {
        // Of those that wait to be saved the store has an older picture.
        var unsaved = _unsaved.ToDictionary();
        return
        [
            .. store.InState(state, limit + unsaved.Count)
                .Where(request => !unsaved.ContainsKey(request.Id))
                .Concat(unsaved.Values.Where(request => request.State == state))
                .OrderBy(request => request.CreatedAt)
                .TakeLast(limit),
        ];
    }

    private void SaveRest()
    {
        foreach (var (id, request) in _unsaved)
        {
            store.Save(request);
            _unsaved.TryRemove(id, out _);
        }
    }
}
