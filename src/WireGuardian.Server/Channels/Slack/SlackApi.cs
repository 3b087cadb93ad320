using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace WireGuardian.Server.Channels.Slack;

/// <summary>Calls of Slack's Web API.</summary>
internal sealed class SlackApi(SlackOptions options, HttpClient http, TimeProvider time)
{
    /// <summary>What Slack says when it is not the caller's fault.</summary>
    private static readonly string[] Passing = ["ratelimited", "rate_limited", "internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org"];

    /// <summary>Posts JSON to a method such as <c>chat.postMessage</c>. Throws for a cancellation from outside only.</summary>
    public async Task<SlackAnswer> CallAsync(string method, JsonObject arguments, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(options.Api, method))
        {
            Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(arguments))
            {
                Headers = { ContentType = new MediaTypeHeaderValue("application/json", "utf-8") },
            },
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", options.Token);
        try
        {
            using var response = await http.SendAsync(request, cancellationToken);
            return response.IsSuccessStatusCode
                ? Read(await response.Content.ReadAsByteArrayAsync(cancellationToken), response)
                : new SlackAnswer(HttpDelivery.Of(response, time));
        }
        catch (Exception exception) when (HttpDelivery.IsFailureToReach(exception, cancellationToken))
        {
            return new SlackAnswer(HttpDelivery.Unreachable(exception));
        }
    }

    /// <summary>Success and failure alike come with status 200; <c>ok</c> tells them apart.</summary>
    private SlackAnswer Read(byte[] body, HttpResponseMessage response)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var root = document.RootElement;
            if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("ok", out var ok) && ok.ValueKind == JsonValueKind.True)
                return new SlackAnswer(Delivery.Done, Text(root, "channel"), Text(root, "ts"));
            var error = Text(root, "error") is { Length: > 0 and <= 64 } word && word.All(c => char.IsAsciiLetterOrDigit(c) || c == '_') ? word : "an answer without an error";
            return new SlackAnswer(new Delivery(
                Passing.Contains(error) ? DeliveryResult.TryAgain : DeliveryResult.Failed, HttpDelivery.RetryAfter(response, time), error));
        }
        catch (JsonException)
        {
            return new SlackAnswer(new Delivery(DeliveryResult.TryAgain, Problem: "an answer that is no JSON"));
        }
    }

    private static string? Text(JsonElement root, string name) =>
        root.ValueKind == JsonValueKind.Object && root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}

/// <summary>What Slack answered.</summary>
/// <param name="Channel">The conversation of a message.</param>
/// <param name="Timestamp">The message's id in it.</param>
internal sealed record SlackAnswer(Delivery Delivery, string? Channel = null, string? Timestamp = null);
