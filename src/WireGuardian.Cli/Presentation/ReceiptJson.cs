using System.Text.Json;
using WireGuardian.ControlPlane.V1;
using WireGuardian.Core.Audit.Evidence;

namespace WireGuardian.Cli.Presentation;

/// <summary>Evidence as it came from a server, as JSON objects that <c>wgctl audit verify</c> reads.</summary>
internal static class ReceiptJson
{
    public static void Write(Utf8JsonWriter json, Receipt receipt) => EvidenceJson.Write(json, new SignedReceipt(
        new AuditReceipt(
            receipt.RequestId, receipt.Event, receipt.Decision, receipt.Digest, receipt.PolicyVersion, receipt.Rule, receipt.Principal, receipt.Operator,
            receipt.Person, receipt.Channel, receipt.HasMethod ? receipt.Method : null, receipt.Time.ToDateTimeOffset(), receipt.Sequence, receipt.Hash),
        receipt.KeyId, receipt.Signature));

    public static void Write(Utf8JsonWriter json, Checkpoint checkpoint) => EvidenceJson.Write(json, new SignedCheckpoint(
        new AuditCheckpoint(checkpoint.Sequence, checkpoint.Hash, checkpoint.Time.ToDateTimeOffset(), checkpoint.Records), checkpoint.KeyId, checkpoint.Signature));
}
