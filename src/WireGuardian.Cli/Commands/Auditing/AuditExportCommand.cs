using System.CommandLine;
using System.Globalization;
using WireGuardian.Cli.Auditing;
using WireGuardian.Cli.Connection;
using WireGuardian.Cli.Presentation;
using WireGuardian.ControlPlane.Grpc.Client;
using WireGuardian.ControlPlane.V1;

namespace WireGuardian.Cli.Commands.Auditing;

/// <summary><c>wgctl audit export [--format jsonl|csv] [--since …] [--until …] [--principal …] [--operator …] [--request …] [--event …]</c></summary>
internal static class AuditExportCommand
{
    public static Command Create(Session session)
    {
        var options = new AuditOptions();
        var format = new Option<string>("--format") { Description = "jsonl (what wgctl audit verify reads) or csv.", DefaultValueFactory = static _ => "jsonl" };
        format.AcceptOnlyFromAmong("jsonl", "csv");
        var command = new Command("export", "Write the whole audit trail, or what matches, in its order.")
        {
            format, options.Since, options.Until, options.Principal, options.Operator, options.Request, options.Event,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var surroundings = session.Surroundings;
            var question = options.Question(parsed, surroundings);
            var isCsv = parsed.GetValue(format) == "csv";
            using var channel = await session.ConnectAsync(parsed, cancellationToken);
            var progress = new ExportProgress(surroundings);
            if (isCsv)
                await surroundings.Out.WriteAsync($"{CsvWriter.Head}\n");
            var records = ExportStream.ReadAsync(
                new ControlPlaneClient(channel), question, new CallOptions(Timeout: null, cancellationToken), progress, cancellationToken);
            await foreach (var record in records)
            {
                await surroundings.Out.WriteAsync($"{(isCsv ? CsvWriter.Line(record) : Json.Line(record, AuditJson.Write))}\n");
                progress.Written++;
            }
            await surroundings.Out.FlushAsync(cancellationToken);
            await surroundings.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"wgctl: {progress.Written} records."));
            return ExitCodes.Done;
        });
        return command;
    }
}
