using System.CommandLine;
using WireGuardian.Cli.Commands.Auditing;
using WireGuardian.Cli.Connection;
using WireGuardian.Cli.Presentation;
using WireGuardian.ControlPlane.V1;

namespace WireGuardian.Cli.Commands;

/// <summary><c>wgctl show ID [--receipt]</c></summary>
internal static class ShowCommand
{
    public static Command Create(Session session)
    {
        var id = RequestId.Argument();
        var receipt = new Option<bool>("--receipt") { Description = "Print the signed receipts of its decisions instead, as JSON." };
        var command = new Command("show", "Show one request with its whole statement.") { id, receipt };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (parsed.GetValue(receipt))
                return await AuditReceiptCommand.PrintAsync(session, parsed, RequestId.Of(parsed, id), cancellationToken);
            var question = new GetRequestRequest { Id = RequestId.Of(parsed, id) };
            var response = await session.AskAsync(parsed, (server, call) => server.GetRequestAsync(question, call), cancellationToken);
            var surroundings = session.Surroundings;
            if (session.Json(parsed))
                Json.WriteObject(surroundings.Out, response.Request, RequestJson.Write);
            else
                RequestDetails.Write(surroundings, response.Request);
            return ExitCodes.Done;
        });
        return command;
    }
}
