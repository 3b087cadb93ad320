using System.Text.Json;
using WireGuardian.Core.Statements;

namespace WireGuardian.Core.Audit.Evidence;

/// <summary>Reads a record as <c>wgctl audit export --format jsonl</c> writes it: the canonical bytes that were hashed can be made of it again.</summary>
public static class AuditRecordJson
{
    /// <summary>Throws <see cref="FormatException"/> for anything but a record with all its fields.</summary>
    public static ChainedAuditRecord Read(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object)
            throw new FormatException("Expected a JSON object.");
        var version = EvidenceJson.Number(json, "formatVersion");
        var record = new AuditRecord
        {
            Time = EvidenceJson.Time(json, "time"),
            Event = EvidenceJson.String(json, "event"),
            RequestId = EvidenceJson.String(json, "requestId"),
            Principal = EvidenceJson.String(json, "principal"),
            Client = EvidenceJson.String(json, "client"),
            Operator = EvidenceJson.String(json, "operator"),
            Listener = EvidenceJson.String(json, "listener"),
            Database = EvidenceJson.String(json, "database"),
            Statement = EvidenceJson.String(json, "statement"),
            Kinds = Kinds(json),
            Decision = EvidenceJson.String(json, "decision"),
            Rule = EvidenceJson.String(json, "rule"),
            Digest = EvidenceJson.String(json, "digest"),
            Detail = EvidenceJson.String(json, "detail"),
            Count = EvidenceJson.Number(json, "count"),
            Channel = EvidenceJson.String(json, "channel"),
            PolicyVersion = EvidenceJson.String(json, "policyVersion"),
            Person = EvidenceJson.String(json, "person"),
            // Exports of before version 3 lack it; what hashes it must have it.
            Method = version < 3 ? EvidenceJson.OptionalString(json, "method") ?? "" : EvidenceJson.String(json, "method"),
            FormatVersion = version is > 0 and <= byte.MaxValue ? (byte)version : throw new FormatException("\"formatVersion\" is no version of a record."),
        };
        return new ChainedAuditRecord(
            EvidenceJson.Number(json, "sequence"), record, EvidenceJson.String(json, "previousHash"), EvidenceJson.String(json, "hash"));
    }

    private static StatementKinds Kinds(JsonElement json)
    {
        if (!json.TryGetProperty("kinds", out var names) || names.ValueKind != JsonValueKind.Array)
            throw new FormatException("\"kinds\" is missing, or no array.");
        var kinds = StatementKinds.None;
        foreach (var name in names.EnumerateArray())
        {
            kinds |= name.ValueKind == JsonValueKind.String && StatementKindNames.TryParse(name.GetString()!, out var kind)
                ? kind
                : throw new FormatException("\"kinds\" holds what is no kind of statement.");
        }
        return kinds;
    }
}
