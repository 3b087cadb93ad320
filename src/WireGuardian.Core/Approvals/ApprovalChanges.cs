using System.Threading.Channels;

namespace WireGuardian.Core.Approvals;

/// <summary>Tells watchers of changes. Each has a bounded buffer that loses its oldest change, so nobody slow holds up the queue.</summary>
internal sealed class ApprovalChanges(int buffer)
{
    private readonly Lock _lock = new();
    private readonly HashSet<Channel<ApprovalRequest>> _watchers = [];
    private bool _closed;

    /// <summary>Every change from this call on; the sequence ends when it is cancelled or the queue closes.</summary>
    public IAsyncEnumerable<ApprovalRequest> Watch(CancellationToken cancellationToken)
    {
        var channel = Channel.CreateBounded<ApprovalRequest>(new BoundedChannelOptions(buffer)
        {
            FullMode = BoundedChannelFullMode.DropOldest,
            SingleReader = true,
        });
        lock (_lock)
        {
            if (_closed)
                channel.Writer.Complete();
            else
                _watchers.Add(channel);
        }
        // The watcher leaves by its token, also when nobody ever read the sequence.
        cancellationToken.Register(() => Leave(channel));
        return channel.Reader.ReadAllAsync(CancellationToken.None);
    }

    public void Publish(ApprovalRequest request)
    {
        lock (_lock)
        {
            foreach (var watcher in _watchers)
                watcher.Writer.TryWrite(request);
        }
    }

    public void Close()
    {
        lock (_lock)
        {
            _closed = true;
            foreach (var watcher in _watchers)
                watcher.Writer.TryComplete();
            _watchers.Clear();
        }
    }

    private void Leave(Channel<ApprovalRequest> channel)
    {
        lock (_lock)
            _watchers.Remove(channel);
        channel.Writer.TryComplete();
    }
}
