using System.Text.Json.Nodes;
using WireGuardian.Core.Approvals;

namespace WireGuardian.Server.Channels.Slack;

/// <summary>
/// A request in Block Kit. Everything that comes from a user stands in plain or preformatted text, where Slack reads neither markup nor mentions; only the
/// notification's line is markup, and is escaped.
/// </summary>
internal static class SlackMessage
{
    public const string Approve = "wireguardian_approve";
    public const string Deny = "wireguardian_deny";
    public const string DenyView = "wireguardian_deny_reason";
    public const string ReasonBlock = "reason";
    public const string ReasonAction = "text";
    public const int LongestReason = 1000;
    private const int LongestStatement = 2500;

    /// <summary>The arguments of <c>chat.postMessage</c>.</summary>
    public static JsonObject ToPost(ApprovalRequest request, string channel)
    {
        var arguments = Of(request, channel);
        arguments["unfurl_links"] = false;
        arguments["unfurl_media"] = false;
        return arguments;
    }

    /// <summary>The arguments of <c>chat.update</c>.</summary>
    /// <param name="timestamp">The message's id in its conversation.</param>
    public static JsonObject ToUpdate(ApprovalRequest request, string channel, string timestamp)
    {
        var arguments = Of(request, channel);
        arguments["ts"] = timestamp;
        return arguments;
    }

    /// <summary>The modal view that asks why.</summary>
    /// <param name="metadata">Comes back with the answer.</param>
    public static JsonObject ReasonView(ApprovalRequest request, string metadata) => new()
    {
        ["type"] = "modal",
        ["callback_id"] = DenyView,
        ["private_metadata"] = metadata,
        ["title"] = Plain("Deny the statement"),
        ["submit"] = Plain("Deny"),
        ["close"] = Plain("Cancel"),
        ["blocks"] = new JsonArray(
            Statement(request),
            new JsonObject
            {
                ["type"] = "input",
                ["block_id"] = ReasonBlock,
                ["label"] = Plain($"Why request {request.Id} is denied"),
                ["element"] = new JsonObject
                {
                    ["type"] = "plain_text_input",
                    ["action_id"] = ReasonAction,
                    ["multiline"] = true,
                    ["min_length"] = 1,
                    ["max_length"] = LongestReason,
                },
            }),
    };

    /// <summary>A line of markup with nothing of it left: Slack's own rule, for the three characters that it gives a meaning.</summary>
    public static string Escape(string text) => text
        .Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);

    private static JsonObject Of(ApprovalRequest request, string channel) => new()
    {
        ["channel"] = channel,
        ["text"] = Escape(MessageText.Line($"{MessageFacts.Title(request)} (request {request.Id}, user {request.User})", 300)),
        ["parse"] = "none",
        ["link_names"] = false,
        ["blocks"] = Blocks(request),
    };

    private static JsonArray Blocks(ApprovalRequest request)
    {
        var blocks = new JsonArray(
            new JsonObject { ["type"] = "header", ["text"] = Plain(MessageFacts.Title(request)) },
            new JsonObject
            {
                ["type"] = "section",
                ["fields"] = new JsonArray([.. MessageFacts.Of(request).Select(fact => (JsonNode)Plain($"{fact.Name}: {fact.Value}"))]),
            },
            Statement(request));
        foreach (var decision in MessageFacts.Decisions(request))
            blocks.Add((JsonNode)new JsonObject { ["type"] = "context", ["elements"] = new JsonArray(Plain(decision)) });
        if (request.State == ApprovalState.Pending)
        {
            blocks.Add((JsonNode)new JsonObject
            {
                ["type"] = "actions",
                ["block_id"] = "decision",
                ["elements"] = new JsonArray(Button(request, Approve, "Approve", "primary"), Button(request, Deny, "Deny", "danger")),
            });
        }
        return blocks;
    }

    private static JsonObject Statement(ApprovalRequest request) => new()
    {
        ["type"] = "rich_text",
        ["elements"] = new JsonArray(new JsonObject
        {
            ["type"] = "rich_text_preformatted",
            ["elements"] = new JsonArray(new JsonObject
            {
                ["type"] = "text",
                ["text"] = MessageText.Block(request.Statement, LongestStatement) is { Length: > 0 } text ? text : "(no text)",
            }),
        }),
    };

    private static JsonObject Button(ApprovalRequest request, string action, string label, string style) => new()
    {
        ["type"] = "button",
        ["action_id"] = action,
        ["text"] = Plain(label),
        ["style"] = style,
        ["value"] = SlackButton.ValueOf(request),
    };

    private static JsonObject Plain(string text) => new() { ["type"] = "plain_text", ["text"] = text, ["emoji"] = false };
}
