using System.CommandLine;
using Google.Protobuf.WellKnownTypes;
using WireGuardian.Cli.Auditing;
using WireGuardian.Cli.Connection;
using WireGuardian.Cli.Presentation;
using WireGuardian.ControlPlane.Grpc.Client;
using WireGuardian.ControlPlane.V1;
using WireGuardian.Core.Audit.Reporting;

namespace WireGuardian.Cli.Commands.Auditing;

/// <summary><c>wgctl audit report [--since …] [--until …]</c></summary>
internal static class AuditReportCommand
{
    /// <summary>For the waits: a statement that was decided on in the period may have been held before it.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(31);

    public static Command Create(Session session)
    {
        var options = new AuditOptions();
        var command = new Command("report", "Summarise who approved what and how fast, denials, break-glass and refusals.") { options.Since, options.Until };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var surroundings = session.Surroundings;
            var since = AuditOptions.TimeOf(parsed, options.Since, surroundings);
            var until = AuditOptions.TimeOf(parsed, options.Until, surroundings);
            var question = new ExportAuditRequest
            {
                Since = since is { } from && from - DateTimeOffset.UnixEpoch > LongestWait ? (from - LongestWait).ToTimestamp() : null,
                Until = until?.ToTimestamp(),
                Events = { ApprovalReportBuilder.Events },
            };
            using var channel = await session.ConnectAsync(parsed, cancellationToken);
            var builder = new ApprovalReportBuilder(since, until);
            var progress = new ExportProgress(surroundings);
            var records = ExportStream.ReadAsync(
                new ControlPlaneClient(channel), question, new CallOptions(Timeout: null, cancellationToken), progress, cancellationToken);
            await foreach (var record in records)
            {
                builder.Add(record.Sequence, WireRecord.Read(record));
                progress.Written++;
            }
            if (session.Json(parsed))
                Json.WriteObject(surroundings.Out, builder.Build(), ReportJson.Write);
            else
                ReportText.Write(surroundings, builder.Build());
            return ExitCodes.Done;
        });
        return command;
    }
}
