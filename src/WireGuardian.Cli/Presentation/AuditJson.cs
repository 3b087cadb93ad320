using System.Text.Json;
using WireGuardian.ControlPlane.V1;

namespace WireGuardian.Cli.Presentation;

/// <summary>An audit record as a JSON object.</summary>
internal static class AuditJson
{
    public static void Write(Utf8JsonWriter json, AuditRecord record)
    {
        json.WriteStartObject();
        json.WriteNumber("sequence", record.Sequence);
        json.WriteString("time", Moment.Rfc3339(record.Time));
        json.WriteString("event", record.Event);
        json.WriteString("requestId", record.RequestId);
        json.WriteString("principal", record.Principal);
        json.WriteString("client", record.Client);
        json.WriteString("operator", record.Operator);
        json.WriteString("listener", record.Listener);
        json.WriteString("database", record.Database);
        json.WriteString("statement", record.Statement);
        json.WriteStrings("kinds", record.Kinds);
        json.WriteString("decision", record.Decision);
        json.WriteString("rule", record.Rule);
        json.WriteString("digest", record.Digest);
        json.WriteString("detail", record.Detail);
        json.WriteNumber("count", record.Count);
        json.WriteString("channel", record.Channel);
        json.WriteString("policyVersion", record.PolicyVersion);
        json.WriteString("person", record.Person);
        json.WriteString("method", record.Method);
        json.WriteNumber("formatVersion", record.FormatVersion);
        json.WriteString("previousHash", record.PreviousHash);
        json.WriteString("hash", record.Hash);
        json.WriteEndObject();
    }
}
