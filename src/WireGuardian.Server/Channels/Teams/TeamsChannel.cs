using System.Net.Http.Headers;
using System.Text.Json;
using WireGuardian.Core.Approvals;
using WireGuardian.Server.Channels.Callbacks;

namespace WireGuardian.Server.Channels.Teams;

/// <summary>A card when a statement is held, and another when that is over: a workflow's webhook gives no way to change a card.</summary>
internal sealed class TeamsChannel(TeamsOptions options, HttpClient http, ActionLink links, TimeProvider time) : IMessageChannel
{
    public async Task<Delivery> DeliverAsync(ChannelEvent change, CancellationToken cancellationToken)
    {
        var request = change.Request;
        if (request.State == ApprovalState.Released || (change.IsPending && request.Approvals.Count > 0))
            return Delivery.Done;
        var card = TeamsCard.Of(request, change.IsPending ? links.To(request) : null);
        using var message = new HttpRequestMessage(HttpMethod.Post, options.Url)
        {
            Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(card)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        };
        return await HttpDelivery.SendAsync(http, message, time, cancellationToken);
    }
}
