using Microsoft.AspNetCore.Http;

namespace WireGuardian.Server.Channels.Callbacks;

/// <summary>The body of a callback, as the bytes that were signed.</summary>
internal static class CallbackBody
{
    /// <summary>A click comes with its whole message.</summary>
    public const int Largest = 256 * 1024;

    /// <summary>Throws <see cref="BadHttpRequestException"/>, which Kestrel answers, for more than the listener's limit.</summary>
    public static async Task<byte[]> ReadAsync(HttpContext call)
    {
        using var content = new MemoryStream();
        await call.Request.Body.CopyToAsync(content, call.RequestAborted);
        return content.ToArray();
    }
}
