using System.Globalization;
using System.Net.Http.Headers;

namespace WireGuardian.Server.Channels.Webhook;

/// <summary>Posts every change as signed JSON; each attempt has a time and signature of its own and the event's id, which tells repetitions.</summary>
internal sealed class WebhookChannel(WebhookOptions options, HttpClient http, TimeProvider time) : IMessageChannel
{
    public async Task<Delivery> DeliverAsync(ChannelEvent change, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var body = RequestJson.Write(change);
        using var request = new HttpRequestMessage(HttpMethod.Post, options.Url)
        {
            Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        };
        request.Headers.Add("webhook-id", change.Id);
        request.Headers.Add("webhook-timestamp", now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("webhook-signature", WebhookSignature.Of(options.Secret, change.Id, now.ToUnixTimeSeconds(), body));
        return await HttpDelivery.SendAsync(http, request, time, cancellationToken);
    }
}
