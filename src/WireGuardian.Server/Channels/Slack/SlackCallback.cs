using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using WireGuardian.Core.Approvals;
using WireGuardian.Core.Identity;
using WireGuardian.Server.Channels.Callbacks;

namespace WireGuardian.Server.Channels.Slack;

/// <summary>
/// Clicks that Slack passes on. A click counts only if Slack signed it now, for the first time, and its user is an operator; what then becomes of it is the queue's to say,
/// which takes Slack's users for who they are to the rules as any other operator.
/// </summary>
internal sealed class SlackCallback(
    string name, SlackOptions options, SlackApi api, SlackChannel channel, ChannelWorker worker, CallbackServices services)
{
    /// <summary>Slack waits three seconds, and a view can be opened for as long.</summary>
    private static readonly TimeSpan ViewPatience = TimeSpan.FromSeconds(2.5);

    private readonly ReplayWindow _replays = new(services.Time, SlackSignature.Window * 2);

    public async Task HandleAsync(HttpContext call)
    {
        var body = await CallbackBody.ReadAsync(call);
        if (!await IsFromSlackAsync(call, body))
        {
            call.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }
        if (SlackInteraction.Read(Encoding.UTF8.GetString(body)) is not { } interaction)
        {
            call.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        // An empty answer says that the click arrived, and closes a view.
        if (await AnswerAsync(interaction) is { } answer)
        {
            call.Response.ContentType = "application/json";
            await call.Response.WriteAsync(answer.ToJsonString(), call.RequestAborted);
        }
    }

    private async Task<bool> IsFromSlackAsync(HttpContext call, byte[] body)
    {
        var (timestamp, signature) = (call.Request.Headers[SlackSignature.TimestampHeader].ToString(), call.Request.Headers[SlackSignature.Header].ToString());
        var isSigned = SlackSignature.IsGood(options.SigningSecret, timestamp, signature, body, services.Time.GetUtcNow());
        if (isSigned && _replays.IsFirst(signature))
            return true;
        await services.RecordForgeryAsync(
            call.Connection.RemoteIpAddress, DecisionChannels.Slack, isSigned ? $"a repeated request to channel {name}" : $"a request to channel {name} that Slack did not sign just now");
        return false;
    }

    private async Task<JsonObject?> AnswerAsync(SlackInteraction interaction)
    {
        var isDenial = interaction is { Type: "view_submission", Action: SlackMessage.DenyView };
        if (!isDenial && interaction is not { Type: "block_actions", Action: SlackMessage.Approve or SlackMessage.Deny })
            return null;

        var (id, digest, channelOfView, messageOfView) = SlackButton.Read(interaction.Value);
        if (services.Operators().BySlack(interaction.User) is not { } by)
        {
            await services.RecordStrangerAsync(id, AuthenticationMethods.Slack, interaction.User);
            return Refuse(interaction, isDenial, "You are no operator here: ask for your Slack id to be added to the configuration.");
        }
        var shown = services.Queue.Find(id);
        if (shown is not null && shown.Digest != digest)
            return Refuse(interaction, isDenial, "This message does not show the request that it names.");
        if (shown is not null)
            channel.Adopt(shown, isDenial ? channelOfView : interaction.Channel, isDenial ? messageOfView : interaction.Message);
        if (interaction.Action == SlackMessage.Deny && shown is { State: ApprovalState.Pending })
        {
            await OpenViewAsync(interaction, shown);
            return null;
        }
        return await DecideAsync(interaction, isDenial, id, by);
    }

    private async Task<JsonObject?> DecideAsync(SlackInteraction interaction, bool isDenial, string id, Operator by)
    {
        var reason = interaction.Reason.Trim();
        if (isDenial && reason.Length is 0 or > SlackMessage.LongestReason)
            return Refuse(interaction, isDenial, "A denial needs a reason.");

        // Not the call's token: once decided, it does not matter that Slack no longer waits.
        var verb = interaction.Action == SlackMessage.Approve ? DecisionVerb.Approve : DecisionVerb.Deny;
        var outcome = await services.Queue.DecideAsync(id, new OperatorDecision(by, verb) { Reason = reason, Channel = DecisionChannels.Slack }, CancellationToken.None);
        if (outcome.Counted)
            return null;
        // The message still had buttons, so it does not show how the request stands.
        if (outcome.Request is { } request && request.State != ApprovalState.Pending)
            worker.Post(new ChannelEvent(request, services.Time.GetUtcNow()));
        return Refuse(interaction, isDenial, outcome.Problem);
    }

    /// <summary>Says so in the view where there is one, else where only the user sees it.</summary>
    private JsonObject? Refuse(SlackInteraction interaction, bool isDenial, string problem)
    {
        if (isDenial)
            return new JsonObject { ["response_action"] = "errors", ["errors"] = new JsonObject { [SlackMessage.ReasonBlock] = MessageText.Line(problem, 300) } };
        services.Aside(name, "chat.postEphemeral", async cancellationToken => (await api.CallAsync(
            "chat.postEphemeral",
            new JsonObject
            {
                ["channel"] = interaction.Channel,
                ["user"] = interaction.User,
                ["text"] = SlackMessage.Escape(MessageText.Line(problem, 300)),
                ["parse"] = "none",
            },
            cancellationToken)).Delivery);
        return null;
    }

    private async Task OpenViewAsync(SlackInteraction interaction, ApprovalRequest request)
    {
        using var patience = new CancellationTokenSource(ViewPatience, services.Time);
        try
        {
            var view = SlackMessage.ReasonView(request, SlackButton.ValueOf(request, interaction.Channel, interaction.Message));
            var answer = await api.CallAsync("views.open", new JsonObject { ["trigger_id"] = interaction.Trigger, ["view"] = view }, patience.Token);
            if (answer.Delivery.Result != DeliveryResult.Delivered)
                services.Logger.AsideFailed(name, "views.open", answer.Delivery.Problem);
        }
        catch (OperationCanceledException)
        {
            services.Logger.AsideFailed(name, "views.open", "no answer in time");
        }
    }
}
