using System.CommandLine;
using Google.Protobuf.WellKnownTypes;
using WireGuardian.Cli.Commands.Auditing;
using WireGuardian.Cli.Connection;
using WireGuardian.Cli.Presentation;
using WireGuardian.ControlPlane.V1;

namespace WireGuardian.Cli.Commands;

/// <summary><c>wgctl audit [--since …] [--limit N] [--request ID]</c></summary>
internal static class AuditCommand
{
    private const int MostRecords = 10_000;

    public static Command Create(Session session)
    {
        var since = new Option<string>("--since")
        {
            Description = "Only records from then on: 90s, 10m, 1h, 2d ago, or a time such as 2025-06-01T12:00:00Z.",
            HelpName = "WHEN",
        };
        var limit = new Option<int>("--limit")
        {
            Description = $"At most so many records, the newest; 1 to {MostRecords}.",
            HelpName = "N",
            DefaultValueFactory = static _ => 100,
        };
        limit.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && int.TryParse(text, out var number) && number is < 1 or > MostRecords)
                result.AddError($"--limit is a number from 1 to {MostRecords}.");
        });
        var request = new Option<string>("--request") { Description = "Only records of this request.", HelpName = "ID" };
        var command = new Command("audit", "Print the audit trail, newest records last; or export, report, verify it.")
        {
            since, limit, request, AuditExportCommand.Create(session), AuditReportCommand.Create(session), AuditVerifyCommand.Create(session),
            AuditReceiptCommand.Create(session), AuditKeyCommand.Create(session),
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var surroundings = session.Surroundings;
            var question = new QueryAuditRequest { Limit = parsed.GetValue(limit), RequestId = parsed.GetValue(request)?.Trim() ?? "" };
            if (parsed.GetValue(since) is { } when)
                question.Since = Moment.Parse(when, surroundings.Time.GetUtcNow()).ToTimestamp();
            var response = await session.AskAsync(parsed, (server, call) => server.QueryAuditAsync(question, call), cancellationToken);

            if (session.Json(parsed))
                Json.WriteArray(surroundings.Out, response.Records, AuditJson.Write);
            else if (response.Records.Count == 0)
                await surroundings.Error.WriteLineAsync("There is no such record.");
            else
                AuditTable.Of(response.Records).Write(surroundings);
            if (response.Truncated)
                await surroundings.Error.WriteLineAsync("wgctl: older records are left out; narrow the question with --since, --limit or --request.");
            return ExitCodes.Done;
        });
        return command;
    }
}
