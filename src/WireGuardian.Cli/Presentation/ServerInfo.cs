using System.Globalization;
using System.Text.Json;
using WireGuardian.ControlPlane.V1;

namespace WireGuardian.Cli.Presentation;

/// <summary>What a server tells of itself.</summary>
internal static class ServerInfo
{
    public static void Write(TextWriter output, GetServerInfoResponse info)
    {
        Fields.Write(output, "Version", info.Version);
        Fields.Write(output, "Started", Moment.Readable(info.StartedAt));
        Fields.Write(output, "Policy", info.PolicyVersion);
        Fields.Write(output, "Pending", info.Pending.ToString(CultureInfo.InvariantCulture));
        Fields.Write(output, "You are", info.Operator);
        if (info.AuditHead is { } head)
            Fields.Write(output, "Audit head", string.Create(CultureInfo.InvariantCulture, $"{head.Sequence} {head.Hash}"));
        foreach (var listener in info.Listeners)
            Fields.Write(output, "Listener", $"{listener.Name} ({listener.Protocol}) {listener.Listen} to {listener.Upstream}");
    }

    public static void WriteJson(Utf8JsonWriter json, GetServerInfoResponse info)
    {
        json.WriteStartObject();
        json.WriteString("version", info.Version);
        json.WriteString("startedAt", Moment.Rfc3339(info.StartedAt));
        json.WriteString("policyVersion", info.PolicyVersion);
        json.WriteNumber("pending", info.Pending);
        json.WriteString("operator", info.Operator);
        json.WriteStartObject("auditHead");
        json.WriteNumber("sequence", info.AuditHead?.Sequence ?? 0);
        json.WriteString("hash", info.AuditHead?.Hash ?? "");
        json.WriteEndObject();
        json.WriteStartArray("listeners");
        foreach (var listener in info.Listeners)
        {
            json.WriteStartObject();
            json.WriteString("name", listener.Name);
            json.WriteString("protocol", listener.Protocol);
            json.WriteString("listen", listener.Listen);
            json.WriteString("upstream", listener.Upstream);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
