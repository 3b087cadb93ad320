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
        Write(json, "reads", context.Reads);
        Write(json, "writes", context.Writes);
        json.WriteStartArray("columns");
        foreach (var column in context.Columns)
        {
            json.WriteStartObject();
            json.WriteString("name", column.Name);
            json.WriteString("lineage", column.Lineage);
            json.WriteStrings("sources", column.Sources);
            json.WriteString("mask", column.Mask);
            json.WriteString("rule", column.Rule);
            json.WriteString("why", column.Why);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteString("columnsNote", context.ColumnsNote);
        if (context.Plan is { } plan)
        {
            json.WriteStartObject("plan");
            if (plan.HasRows)
                json.WriteNumber("rows", plan.Rows);
            else
                json.WriteNull("rows");
            json.WriteString("notAsked", plan.NotAsked);
            json.WriteEndObject();
        }
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

    private static void Write(Utf8JsonWriter json, string name, IEnumerable<RelationEstimate> relations)
    {
        json.WriteStartArray(name);
        foreach (var relation in relations)
        {
            json.WriteStartObject();
            json.WriteString("relation", relation.Relation);
            if (relation.HasRows)
                json.WriteNumber("rows", relation.Rows);
            else
                json.WriteNull("rows");
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
