using System.Text.Json.Nodes;
using WireGuardian.Core.Approvals;

namespace WireGuardian.Server.Channels.Teams;

/// <summary>
/// A request as a message with an Adaptive Card, as the workflow "when a Teams webhook request is received" takes it. All text stands in RichTextBlocks, which know no
/// markdown; TextBlocks and facts do.
/// </summary>
internal static class TeamsCard
{
    private const int LongestStatement = 4000;

    /// <param name="link">Where to decide; null where there is nothing to decide any more.</param>
    public static JsonObject Of(ApprovalRequest request, Uri? link)
    {
        var body = new JsonArray(Text(MessageFacts.Title(request), ("weight", "Bolder"), ("size", "Medium")));
        foreach (var (name, value) in MessageFacts.Of(request))
            body.Add((JsonNode)Text($"{name}: {value}"));
        body.Add((JsonNode)Text(MessageText.Block(request.Statement, LongestStatement) is { Length: > 0 } text ? text : "(no text)", ("fontType", "Monospace")));
        foreach (var decision in MessageFacts.Decisions(request))
            body.Add((JsonNode)Text(decision, ("weight", "Bolder")));

        var card = new JsonObject
        {
            ["$schema"] = "http://adaptivecards.io/schemas/adaptive-card.json",
            ["type"] = "AdaptiveCard",
            ["version"] = "1.4",
            ["body"] = body,
        };
        if (link is not null)
            card["actions"] = new JsonArray(new JsonObject { ["type"] = "Action.OpenUrl", ["title"] = "Decide", ["url"] = link.AbsoluteUri });
        return new JsonObject
        {
            ["type"] = "message",
            ["attachments"] = new JsonArray(new JsonObject
            {
                ["contentType"] = "application/vnd.microsoft.card.adaptive",
                ["contentUrl"] = null,
                ["content"] = card,
            }),
        };
    }

    private static JsonObject Text(string text, params ReadOnlySpan<(string Name, string Value)> look)
    {
        var run = new JsonObject { ["type"] = "TextRun", ["text"] = text };
        foreach (var (name, value) in look)
            run[name] = value;
        return new JsonObject { ["type"] = "RichTextBlock", ["inlines"] = new JsonArray(run) };
    }
}
