using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;

namespace WireGuardian.Server.Channels.Slack;

/// <summary>What somebody did with a message or a view; of Slack's payload only what is needed.</summary>
/// <param name="Type"><c>block_actions</c>, <c>view_submission</c> or something else.</param>
/// <param name="User">The id of who did it.</param>
/// <param name="Action">The button, or the view's callback id.</param>
/// <param name="Value">What the button, or the view, carries.</param>
/// <param name="Reason">What was written in the view.</param>
/// <param name="Channel">The conversation of the message.</param>
/// <param name="Message">The message's id there.</param>
/// <param name="Trigger">Opens a view, for three seconds.</param>
internal sealed record SlackInteraction(
    string Type, string User, string Action, string Value, string Reason, string Channel, string Message, string Trigger)
{
    /// <summary>Reads the body, a form with JSON in the field <c>payload</c>; null for anything else.</summary>
    public static SlackInteraction? Read(string body)
    {
        try
        {
            if (!QueryHelpers.ParseQuery(body).TryGetValue("payload", out var payload) || payload.Count != 1)
                return null;
            using var document = JsonDocument.Parse(payload.ToString());
            var root = document.RootElement;
            var type = Text(root, "type");
            var isView = type == "view_submission";
            var action = At(root, "actions") is { ValueKind: JsonValueKind.Array } actions && actions.GetArrayLength() == 1 ? actions[0] : default;
            return new SlackInteraction(
                type,
                Text(root, "user", "id"),
                isView ? Text(root, "view", "callback_id") : Text(action, "action_id"),
                isView ? Text(root, "view", "private_metadata") : Text(action, "value"),
                Text(root, "view", "state", "values", SlackMessage.ReasonBlock, SlackMessage.ReasonAction, "value"),
                Text(root, "channel", "id"),
                Text(root, "container", "message_ts"),
                Text(root, "trigger_id"));
        }
        catch (Exception exception) when (exception is JsonException or InvalidDataException or InvalidOperationException)
        {
            return null;
        }
    }

    private static string Text(JsonElement root, params ReadOnlySpan<string> path) =>
        At(root, path) is { ValueKind: JsonValueKind.String } value ? value.GetString()! : "";

    private static JsonElement At(JsonElement element, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out var inner))
                return default;
            element = inner;
        }
        return element;
    }
}
