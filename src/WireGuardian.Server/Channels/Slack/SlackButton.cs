using WireGuardian.Core.Approvals;

namespace WireGuardian.Server.Channels.Slack;

/// <summary>
/// What a button carries: the request and the digest of what was shown, so that nothing else can be decided with it. A view carries the place of its message as well.
/// </summary>
internal static class SlackButton
{
    public static string ValueOf(ApprovalRequest request) => $"{request.Id} {request.Digest}";

    /// <summary>The same, and where the message is that the button was in.</summary>
    public static string ValueOf(ApprovalRequest request, string channel, string message) => $"{ValueOf(request)} {channel} {message}";

    public static (string Id, string Digest, string Channel, string Message) Read(string value) => value.Split(' ') switch
    {
        [var id, var digest] => (id, digest, "", ""),
        [var id, var digest, var channel, var message] => (id, digest, channel, message),
        _ => (value, "", "", ""),
    };
}
