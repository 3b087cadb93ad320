using System.Text.Json;
using WireGuardian.ControlPlane.V1;

namespace WireGuardian.Cli.Presentation;

/// <summary>A label as a JSON object.</summary>
internal static class LabelJson
{
    public static void Write(Utf8JsonWriter json, ColumnLabel label)
    {
        json.WriteStartObject();
        json.WriteString("id", label.Id);
        json.WriteString("listener", label.Listener);
        json.WriteString("upstream", label.Upstream);
        json.WriteString("database", label.Database);
        json.WriteString("schema", label.Schema);
        json.WriteString("relation", label.Relation);
        json.WriteString("column", label.Column);
        json.WriteNumber("attribute", label.Attribute);
        json.WriteBoolean("pending", label.Pending);
        json.WriteStrings("rules", label.Rules);
        json.WriteBoolean("derived", label.Derived);
        json.WriteStrings("sources", label.Sources);
        json.WriteString("cause", label.Cause);
        json.WriteString("since", Moment.Rfc3339(label.Since));
        json.WriteString("principal", label.Principal);
        json.WriteString("digest", label.Digest);
        json.WriteString("requestId", label.RequestId);
        json.WriteEndObject();
    }
}
