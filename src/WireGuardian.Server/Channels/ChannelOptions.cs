using System.Net;
using WireGuardian.Proxy.Tls;

namespace WireGuardian.Server.Channels;

/// <summary>An entry of <c>channels:</c>: where held statements are told of. One of the last three is there.</summary>
public sealed record ChannelOptions
{
    public required string Name { get; init; }

    /// <summary>Only what these rules hold is told; empty: everything is.</summary>
    public IReadOnlyList<string> Rules { get; init; } = [];

    public SlackOptions? Slack { get; init; }

    public TeamsOptions? Teams { get; init; }

    public WebhookOptions? Webhook { get; init; }

    public string Type => Slack is not null ? "slack" : Teams is not null ? "teams" : "webhook";

    /// <summary>Without secrets.</summary>
    public override string ToString() => $"{Name} ({Type})";
}

/// <summary>A Slack app in one workspace.</summary>
/// <param name="Channel">The id of the conversation that messages go to.</param>
/// <param name="Token">The app's bot token, with the scope <c>chat:write</c>.</param>
/// <param name="SigningSecret">The app's signing secret, which proves that a click comes from Slack.</param>
/// <param name="Api">Slack's Web API, ending in a slash.</param>
public sealed record SlackOptions(string Channel, string Token, string SigningSecret, Uri Api)
{
    public override string ToString() => $"SlackOptions {{ Channel = {Channel} }}";
}

/// <summary>A Microsoft Teams workflow that posts cards.</summary>
/// <param name="Url">The workflow's URL; who has it can post, so it is a secret.</param>
public sealed record TeamsOptions(Uri Url)
{
    public override string ToString() => "TeamsOptions";
}

/// <summary>A receiver of events.</summary>
/// <param name="Url">Where they are posted.</param>
/// <param name="Secret">The key that they are signed with.</param>
public sealed record WebhookOptions(Uri Url, byte[] Secret)
{
    public override string ToString() => "WebhookOptions";
}

/// <summary><c>callbacks:</c>: where chat services and their users reach this server.</summary>
/// <param name="Listen">The listener's address.</param>
/// <param name="Tls">Its certificate; none only on loopback.</param>
/// <param name="Url">How it is reached from outside, without a path.</param>
public sealed record CallbackOptions(IPEndPoint Listen, ClientTlsOptions Tls, Uri Url);
