using System.CommandLine;
using WireGuardian.Cli.Auditing;
using WireGuardian.Cli.Connection;
using WireGuardian.Cli.Presentation;
using WireGuardian.Core.Audit.Evidence;

namespace WireGuardian.Cli.Commands.Auditing;

/// <summary><c>wgctl audit verify (--data DIRECTORY | --file FILE | --receipt FILE) [--key FILE]… [--checkpoints FILE] [--filtered]</c></summary>
internal static class AuditVerifyCommand
{
    private const string StoreName = "audit.db";

    public static Command Create(Session session)
    {
        var data = new Option<string>("--data") { Description = "A server's data directory, or a copy of it.", HelpName = "DIRECTORY" };
        var file = new Option<string>("--file") { Description = $"An {StoreName}, or an export as JSON lines.", HelpName = "FILE" };
        var receipt = new Option<string>("--receipt") { Description = "Receipts, as wgctl audit receipt prints them.", HelpName = "FILE" };
        var key = new Option<string[]>("--key")
        {
            Description = "Public keys that are trusted, as wgctl audit key prints them. Default for a store: the keys that it names itself.",
            HelpName = "FILE",
        };
        var checkpoints = new Option<string>("--checkpoints") { Description = "Checkpoints that were kept elsewhere, as JSON lines.", HelpName = "FILE" };
        var filtered = new Option<bool>("--filtered") { Description = "The export lacks records on purpose: verify each for itself." };
        var command = new Command("verify", "Verify a trail or a receipt without a server. Exits with 1 and names the first bad record where it does not hold.")
        {
            data, file, receipt, key, checkpoints, filtered,
        };
        command.SetAction(parsed =>
        {
            var paths = new[] { parsed.GetValue(data), parsed.GetValue(file), parsed.GetValue(receipt) };
            if (paths.Count(path => path is not null) != 1)
                throw new UsageException("Say what to verify: one of --data DIRECTORY, --file FILE or --receipt FILE.");
            var keys = EvidenceFiles.Keys(parsed.GetValue(key) ?? []);
            if (paths[2] is { } receipts)
                return Receipts(session, parsed, receipts, keys ?? throw new UsageException("A receipt is verified with a key that you trust: --key FILE."));
            var kept = parsed.GetValue(checkpoints) is { } path ? EvidenceFiles.Checkpoints(path) : [];
            if (kept.Count > 0 && keys is null)
                throw new UsageException("Checkpoints that were kept elsewhere are verified with a key that you trust: --key FILE.");
            var trail = paths[0] is { } directory ? Path.Combine(directory, StoreName) : paths[1]!;
            var verified = TrailFile.Verify(trail, keys, kept, parsed.GetValue(filtered));
            if (session.Json(parsed))
                Json.WriteObject(session.Surroundings.Out, verified, VerificationReport.WriteJson);
            else
                VerificationReport.Write(session.Surroundings.Out, verified, isByOwnKeys: keys is null);
            return verified.IsIntact ? ExitCodes.Done : ExitCodes.Refused;
        });
        return command;
    }

    private static int Receipts(Session session, ParseResult parsed, string path, AuditPublicKeys keys)
    {
        var checkedReceipts = EvidenceFiles.Receipts(path).Select(receipt => (Receipt: receipt, Problem: receipt.ProblemBy(keys))).ToList();
        if (session.Json(parsed))
            Json.WriteArray(session.Surroundings.Out, checkedReceipts, VerificationReport.WriteReceiptJson);
        else
            VerificationReport.WriteReceipts(session.Surroundings.Out, checkedReceipts);
        return checkedReceipts.Count > 0 && checkedReceipts.All(one => one.Problem is null) ? ExitCodes.Done : ExitCodes.Refused;
    }
}
