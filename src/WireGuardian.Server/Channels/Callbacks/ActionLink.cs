using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using WireGuardian.Core.Approvals;

namespace WireGuardian.Server.Channels.Callbacks;

/// <summary>
/// Links to the page where a request is decided. A link shows that request, for as long as it can be decided and a day at most; it decides nothing. The key lives as long
/// as this process: what is pending after a restart is told again, with a new link.
/// </summary>
internal sealed class ActionLink(Uri url, TimeProvider time)
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);

    public Uri To(ApprovalRequest request)
    {
        var end = time.GetUtcNow() + Longest is var latest && request.ExpiresAt < latest ? request.ExpiresAt : latest;
        var seconds = end.ToUnixTimeSeconds();
        return new Uri(url, string.Create(CultureInfo.InvariantCulture, $"/requests/{request.Id}?e={seconds}&s={Sign($"link|{request.Id}|{request.Digest}|{seconds}")}"));
    }

    /// <summary>True for a link of this process to this request that has not ended.</summary>
    public bool IsGood(ApprovalRequest request, string end, string signature) =>
        long.TryParse(end, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
        && seconds >= time.GetUtcNow().ToUnixTimeSeconds()
        && IsSigned($"link|{request.Id}|{request.Digest}|{seconds.ToString(CultureInfo.InvariantCulture)}", signature);

    /// <summary>The value that a form must carry, which only a page that was sent to this browser has.</summary>
    public string FormKey(ApprovalRequest request, string browser) => Sign($"form|{request.Id}|{request.Digest}|{browser}");

    public bool IsFormKey(ApprovalRequest request, string browser, string key) => IsSigned($"form|{request.Id}|{request.Digest}|{browser}", key);

    private bool IsSigned(string text, string signature) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Sign(text)), Encoding.UTF8.GetBytes(signature));

    private string Sign(string text) => WebEncoders.Base64UrlEncode(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(text)));
}
