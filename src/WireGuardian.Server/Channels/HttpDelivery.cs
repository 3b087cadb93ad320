using System.Globalization;
using System.Net;

namespace WireGuardian.Server.Channels;

/// <summary>Sends one HTTP request and says what came of it.</summary>
internal static class HttpDelivery
{
    /// <summary>2xx is delivered; a broken connection, a time-out, 408, 425, 429 and 5xx may go better another time; the rest is refused.</summary>
    public static async Task<Delivery> SendAsync(HttpClient http, HttpRequestMessage request, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await http.SendAsync(request, cancellationToken);
            return Of(response, time);
        }
        catch (Exception exception) when (IsFailureToReach(exception, cancellationToken))
        {
            return Unreachable(exception);
        }
    }

    public static Delivery Of(HttpResponseMessage response, TimeProvider time)
    {
        var problem = string.Create(CultureInfo.InvariantCulture, $"status {(int)response.StatusCode}");
        if (response.IsSuccessStatusCode)
            return Delivery.Done;
        return response.StatusCode is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or (HttpStatusCode)425 or >= HttpStatusCode.InternalServerError
            ? new Delivery(DeliveryResult.TryAgain, RetryAfter(response, time), problem)
            : new Delivery(DeliveryResult.Failed, Problem: problem);
    }

    /// <summary>True for what the network does, and for the client's own time-out; false for a cancellation from outside.</summary>
    public static bool IsFailureToReach(Exception exception, CancellationToken cancellationToken) =>
        exception is HttpRequestException or IOException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    public static Delivery Unreachable(Exception exception) =>
        new(DeliveryResult.TryAgain, Problem: exception is HttpRequestException { HttpRequestError: var error } ? error.ToString() : exception is OperationCanceledException ? "no answer in time" : "connection broken");

    public static TimeSpan? RetryAfter(HttpResponseMessage response, TimeProvider time) =>
        response.Headers.RetryAfter?.Delta ?? (response.Headers.RetryAfter?.Date is { } date && date > time.GetUtcNow() ? date - time.GetUtcNow() : null);
}
