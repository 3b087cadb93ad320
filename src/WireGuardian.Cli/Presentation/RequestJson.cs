using System.Text.Json;
using WireGuardian.ControlPlane.V1;

namespace WireGuardian.Cli.Presentation;

/// <summary>A request as a JSON object.</summary>
internal static class RequestJson
{
    public static void Write(Utf8JsonWriter json, ApprovalRequest request)
    {
        json.WriteStartObject();
        json.WriteString("id", request.Id);
        json.WriteString("state", request.State.Name());
        json.WriteString("listener", request.Listener);
        json.WriteString("protocol", request.Protocol);
        json.WriteString("user", request.User);
        json.WriteString("database", request.Database);
        json.WriteString("client", request.Client);
        json.WriteString("application", request.Application);
        json.WriteString("statement", request.Statement);
        if (request.StatementTruncated)
            json.WriteBoolean("statementTruncated", true);
        json.WriteStrings("kinds", request.Kinds);
        json.WriteStrings("relations", request.Relations);
        json.WriteString("rule", request.Rule);
        json.WriteString("reason", request.Reason);
        json.WriteString("createdAt", Moment.Rfc3339(request.CreatedAt));
        json.WriteString("expiresAt", Moment.Rfc3339(request.ExpiresAt));
        json.WriteStartArray("approvals");
        foreach (var approval in request.Approvals)
            Write(json, approval);
        json.WriteEndArray();
        json.WriteStrings("approvers", request.Approvers);
        json.WriteNumber("minimum", request.Minimum);
        json.WriteString("digest", request.Digest);
        json.WriteString("policyVersion", request.PolicyVersion);
        json.WriteString("mode", request.Mode == HoldMode.Resubmit ? "resubmit" : "wait");
        if (request.Validity is { } validity)
            json.WriteNumber("validitySeconds", validity.ToTimeSpan().TotalSeconds);
        json.WriteString("person", request.Person);
        json.WriteStrings("breakGlass", request.BreakGlass);
        json.WriteBoolean("glassIsBroken", request.GlassIsBroken);
        if (request.ReleaseBy is not null)
            json.WriteString("releaseBy", Moment.Rfc3339(request.ReleaseBy));
        json.WriteBoolean("canLimitRows", request.CanLimitRows);
        json.WriteString("environment", request.Environment);
        json.WriteString("requesterReason", request.RequesterReason);
        if (request.Context is { } context)
            ContextJson.Write(json, context);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Approval approval)
    {
        json.WriteStartObject();
        json.WriteString("operator", approval.Operator);
        json.WriteBoolean("approved", approval.Approved);
        json.WriteString("reason", approval.Reason);
        json.WriteString("time", Moment.Rfc3339(approval.Time));
        json.WriteString("person", approval.Person);
        json.WriteString("channel", approval.Channel);
        json.WriteString("method", approval.Method);
        json.WriteBoolean("breakGlass", approval.BreakGlass);
        if (approval.ValidUntil is not null)
            json.WriteString("validUntil", Moment.Rfc3339(approval.ValidUntil));
        if (approval.HasMaxRows)
            json.WriteNumber("maxRows", approval.MaxRows);
        json.WriteEndObject();
    }
}
