using System.Globalization;
using System.Text.Json;
using WireGuardian.Core.Audit.Evidence;
using WireGuardian.Core.Audit.Verification;

namespace WireGuardian.Cli.Presentation;

/// <summary>What became of a verification.</summary>
internal static class VerificationReport
{
    /// <param name="output">Results.</param>
    /// <param name="found">What was found.</param>
    /// <param name="isByOwnKeys">The keys were those that the trail names itself, which proves less.</param>
    public static void Write(TextWriter output, AuditVerification found, bool isByOwnKeys)
    {
        output.WriteLine(found switch
        {
            { IsIntact: true, Records: 0 } => "Intact: there are no records.",
            { IsIntact: true } => Text($"Intact: {found.Records} records, {found.Anchor.Sequence + 1} to {found.Head.Sequence}."),
            { FirstBadSequence: { } bad } => Text($"Broken at record {bad}. {found.Problem}"),
            _ => $"Broken. {found.Problem}",
        });
        Fields.Write(output, "Head", Text($"{found.Head.Sequence} {found.Head.Hash}"));
        if (found.Anchor.Sequence > 0)
            Fields.Write(output, "Anchor", Text($"{found.Anchor.Sequence} {found.Anchor.Hash}: what came before was let go"));
        Fields.Write(output, "Checkpoints", Text($"{found.Checkpoints} good, up to record {found.CoveredTo}")
            + (found.OlderCheckpoints > 0 ? Text($"; {found.OlderCheckpoints} of records that were let go") : ""));
        Fields.Write(output, "Receipts", Text($"{found.Receipts} good"));
        if (isByOwnKeys && found.Checkpoints > 0)
            Fields.Write(output, "Keys", "those that the store names itself; --key FILE checks against a key that you trust");
    }

    public static void WriteJson(Utf8JsonWriter json, AuditVerification found)
    {
        json.WriteStartObject();
        json.WriteBoolean("intact", found.IsIntact);
        json.WriteNumber("records", found.Records);
        if (found.FirstBadSequence is { } bad)
            json.WriteNumber("firstBadSequence", bad);
        else
            json.WriteNull("firstBadSequence");
        json.WriteString("problem", found.Problem);
        json.WriteNumber("headSequence", found.Head.Sequence);
        json.WriteString("headHash", found.Head.Hash);
        json.WriteNumber("anchorSequence", found.Anchor.Sequence);
        json.WriteNumber("checkpoints", found.Checkpoints);
        json.WriteNumber("olderCheckpoints", found.OlderCheckpoints);
        json.WriteNumber("coveredTo", found.CoveredTo);
        json.WriteNumber("receipts", found.Receipts);
        json.WriteEndObject();
    }

    public static void WriteReceipts(TextWriter output, IReadOnlyList<(SignedReceipt Receipt, string? Problem)> receipts)
    {
        foreach (var (signed, problem) in receipts)
        {
            var receipt = signed.Receipt;
            var who = receipt.Operator.Length > 0 ? $" by {receipt.Operator}" : "";
            output.WriteLine(TerminalText.OneLine(problem is null
                ? Text($"Good: {receipt.Event} of {receipt.RequestId}{who}, record {receipt.Sequence}, policy {receipt.PolicyVersion}.")
                : Text($"Bad: {receipt.Event} of {receipt.RequestId}{who}, record {receipt.Sequence}. {problem}")));
        }
        if (receipts.Count == 0)
            output.WriteLine("There is no receipt in the file.");
    }

    public static void WriteReceiptJson(Utf8JsonWriter json, (SignedReceipt Receipt, string? Problem) one)
    {
        json.WriteStartObject();
        json.WriteBoolean("good", one.Problem is null);
        json.WriteString("requestId", one.Receipt.Receipt.RequestId);
        json.WriteString("event", one.Receipt.Receipt.Event);
        json.WriteNumber("sequence", one.Receipt.Receipt.Sequence);
        json.WriteString("problem", one.Problem ?? "");
        json.WriteEndObject();
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
