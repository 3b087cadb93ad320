using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using WireGuardian.Core.Approvals;
using WireGuardian.Core.Statements;

namespace WireGuardian.Server.Channels.Webhook;

/// <summary>A request as programs receive it, with the same fields as <c>wgctl show --output json</c>.</summary>
internal static class RequestJson
{
    private const int LongestStatement = 16 * 1024;

    /// <summary>UTF-8.</summary>
    public static byte[] Write(ChannelEvent change) => JsonSerializer.SerializeToUtf8Bytes(
        new JsonObject
        {
            ["type"] = $"approval_request.{change.Request.State.ToName()}",
            ["timestamp"] = Time(change.Time),
            ["data"] = Of(change.Request),
        });

    private static JsonObject Of(ApprovalRequest request) => new()
    {
        ["id"] = request.Id,
        ["state"] = request.State.ToName(),
        ["listener"] = request.Listener,
        ["protocol"] = request.Protocol,
        ["user"] = request.User,
        ["person"] = request.Person,
        ["database"] = request.Database,
        ["client"] = request.Client,
        ["application"] = request.Application,
        ["statement"] = MessageText.Block(request.Statement, LongestStatement),
        ["kinds"] = Texts(request.Kinds.ToNames()),
        ["relations"] = Texts(request.Relations),
        ["rule"] = request.Rule,
        ["reason"] = request.Reason,
        ["createdAt"] = Time(request.CreatedAt),
        ["expiresAt"] = Time(request.ExpiresAt),
        ["approvals"] = new JsonArray([.. request.Approvals.Select(decision => (JsonNode)new JsonObject
        {
            ["operator"] = decision.Operator,
            ["approved"] = decision.Approved,
            ["reason"] = decision.Reason,
            ["time"] = Time(decision.Time),
            ["person"] = decision.Person,
            ["channel"] = decision.Channel,
            ["method"] = decision.Method,
            ["breakGlass"] = decision.IsBreakGlass,
        })]),
        ["approvers"] = Texts(request.Approvers),
        ["minimum"] = request.Minimum,
        ["digest"] = request.Digest,
        ["breakGlass"] = Texts(request.BreakGlass),
        ["glassIsBroken"] = request.GlassIsBroken,
        ["releaseBy"] = request.ReleaseBy is { } end ? Time(end) : null,
        ["maxRows"] = request.MaxRows,
        ["environment"] = request.Context.Environment,
        ["requesterReason"] = request.Context.RequesterReason,
        ["context"] = Of(request.Context),
    };

    private static JsonObject Of(RequestContext context)
    {
        var facts = new JsonObject
        {
            ["parameters"] = new JsonArray([.. context.Parameters.Select(value => (JsonNode)new JsonObject { ["type"] = value.Type, ["length"] = value.Length })]),
            ["involvesMasked"] = context.InvolvesMasked,
            ["reads"] = Relations(context.Reads),
            ["writes"] = Relations(context.Writes),
            ["columns"] = new JsonArray([.. context.Columns.Select(column => (JsonNode)new JsonObject
            {
                ["name"] = column.Name,
                ["lineage"] = column.Lineage,
                ["sources"] = Texts(column.Sources),
                ["mask"] = column.Mask,
                ["rule"] = column.Rule,
                ["why"] = column.Why,
            })]),
            ["columnsNote"] = context.ColumnsNote,
            ["transactionStatements"] = context.TransactionStatements,
            ["transactionKinds"] = Texts(context.TransactionKinds.ToNames()),
        };
        if (context.Plan is { } plan)
            facts["plan"] = new JsonObject { ["rows"] = plan.Rows, ["notAsked"] = plan.NotAsked };
        return facts;
    }

    private static JsonArray Relations(IEnumerable<RelationEstimate> relations) =>
        new([.. relations.Select(relation => (JsonNode)new JsonObject { ["relation"] = relation.Relation, ["rows"] = relation.Rows })]);

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode)JsonValue.Create(text))]);

    private static string Time(DateTimeOffset time) => time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
