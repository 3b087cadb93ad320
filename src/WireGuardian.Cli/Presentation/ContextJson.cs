using System.Text.Json;
using WireGuardian.ControlPlane.V1;

namespace WireGuardian.Cli.Presentation;

/// <summary>What is known around a request, as a JSON object.</summary>
internal static class ContextJson
{
    public static void Write(Utf8JsonWriter json, RequestContext context)
    {
        json.WriteStartObject("context");
        json.WriteStartArray("parameters");
        foreach (var value in context.Parameters)
        {
            json.WriteStartObject();
            json.WriteString("type", value.Type);
            json.WriteNumber("length", value.Length);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteBoolean("involvesMasked", context.InvolvesMasked);
        json.WriteStartArray("estimates");
        foreach (var estimate in context.Estimates)
        {
            json.WriteStartObject();
            json.WriteString("relation", estimate.Relation);
            json.WriteNumber("rows", estimate.Rows);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteNumber("transactionStatements", context.TransactionStatements);
        json.WriteStrings("transactionKinds", context.TransactionKinds);
        if (context.Similar is { } similar)
        {
            json.WriteStartObject("similar");
            json.WriteNumber("approved", similar.Approved);
            json.WriteNumber("denied", similar.Denied);
            json.WriteString("lastOperator", similar.LastOperator);
            json.WriteBoolean("lastApproved", similar.LastApproved);
            json.WriteString("lastTime", Moment.Rfc3339(similar.LastTime));
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }
}
