using System.Text.Json;
using WireGuardian.ControlPlane.V1;

namespace WireGuardian.Cli.Presentation;

/// <summary>What became of one of several decisions, as a JSON object.</summary>
internal static class BatchJson
{
    public static void Write(Utf8JsonWriter json, BatchResult result)
    {
        json.WriteStartObject();
        json.WriteString("id", result.Request?.Id ?? result.Id);
        json.WriteBoolean("counted", result.Counted);
        json.WriteString("problem", result.Problem);
        if (result.Request is { } request)
        {
            json.WritePropertyName("request");
            RequestJson.Write(json, request);
        }
        json.WriteEndObject();
    }
}
