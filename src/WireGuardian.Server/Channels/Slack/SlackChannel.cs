using WireGuardian.Core.Approvals;

namespace WireGuardian.Server.Channels.Slack;

/// <summary>One message per request, which changes with it.</summary>
internal sealed class SlackChannel(SlackOptions options, SlackApi api) : IMessageChannel
{
    /// <summary>More than requests can be pending; beyond it the oldest message is no longer updated.</summary>
    private const int MostMessages = 5000;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, PostedMessage> _messages = new(StringComparer.Ordinal);

    public async Task<Delivery> DeliverAsync(ChannelEvent change, CancellationToken cancellationToken)
    {
        var request = change.Request;
        var posted = MessageOf(request.Id);
        if (posted is null && !change.IsPending && !request.GlassIsBroken)
            return Delivery.Done;

        if (request is { GlassIsBroken: true, State: ApprovalState.Approved } && posted is not null)
        {
            // A message that changes rings nobody's bell.
            var alert = await api.CallAsync("chat.postMessage", SlackMessage.ToPost(request, options.Channel), cancellationToken);
            if (alert.Delivery.Result != DeliveryResult.Delivered)
                return alert.Delivery;
            await api.CallAsync("chat.update", SlackMessage.ToUpdate(request, posted.Channel, posted.Timestamp), cancellationToken);
            return Delivery.Done;
        }

        var answer = posted is null
            ? await api.CallAsync("chat.postMessage", SlackMessage.ToPost(request, options.Channel), cancellationToken)
            : await api.CallAsync("chat.update", SlackMessage.ToUpdate(request, posted.Channel, posted.Timestamp), cancellationToken);
        if (answer.Delivery.Result == DeliveryResult.Delivered && posted is null && answer is { Channel: { } channel, Timestamp: { } timestamp })
            Remember(request.Id, new PostedMessage(channel, timestamp));
        if (change.IsLast && answer.Delivery.Result != DeliveryResult.TryAgain)
            Forget(request.Id);
        return answer.Delivery;
    }

    /// <summary>A message that this process did not post, or has forgotten: a click on it tells where it is. Nothing without a place.</summary>
    public void Adopt(ApprovalRequest request, string channel, string timestamp)
    {
        if (channel.Length > 0 && timestamp.Length > 0 && MessageOf(request.Id) is null)
            Remember(request.Id, new PostedMessage(channel, timestamp));
    }

    private PostedMessage? MessageOf(string id)
    {
        lock (_lock)
            return _messages.GetValueOrDefault(id);
    }

    private void Remember(string id, PostedMessage message)
    {
        lock (_lock)
        {
            if (_messages.Count >= MostMessages)
                _messages.Remove(_messages.Keys.First());
            _messages[id] = message;
        }
    }

    private void Forget(string id)
    {
        lock (_lock)
            _messages.Remove(id);
    }

    private sealed record PostedMessage(string Channel, string Timestamp);
}
