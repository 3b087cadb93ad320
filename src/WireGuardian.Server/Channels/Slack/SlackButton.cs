using WireGuardian.Core.Approvals;

namespace WireGuardian.Server.Channels.Slack;

/// <summary>What a button carries: the request and the digest of what was shown, so that nothing else can be decided with it.</summary>
internal static class SlackButton
{
    public static string ValueOf(ApprovalRequest request) => $"{request.Id} {request.Digest}";

    public static (string Id, string Digest) Read(string value) => value.Split(' ', 2) is [var id, var digest] ? (id, digest) : (value, "");
}
