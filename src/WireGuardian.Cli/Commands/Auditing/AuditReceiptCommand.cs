using System.CommandLine;
using WireGuardian.Cli.Connection;
using WireGuardian.Cli.Presentation;
using WireGuardian.ControlPlane.V1;

namespace WireGuardian.Cli.Commands.Auditing;

/// <summary><c>wgctl audit receipt ID</c></summary>
internal static class AuditReceiptCommand
{
    public static Command Create(Session session)
    {
        var id = RequestId.Argument();
        var command = new Command("receipt", "Print the signed receipts of a request's decisions as JSON.") { id };
        command.SetAction((parsed, cancellationToken) => PrintAsync(session, parsed, RequestId.Of(parsed, id), cancellationToken));
        return command;
    }

    /// <summary>Prints them; also for <c>wgctl show ID --receipt</c>.</summary>
    public static async Task<int> PrintAsync(Session session, ParseResult parsed, string id, CancellationToken cancellationToken)
    {
        var response = await session.AskAsync(
            parsed, (server, call) => server.GetReceiptsAsync(new GetReceiptsRequest { Id = id }, call), cancellationToken);
        Json.WriteArray(session.Surroundings.Out, response.Receipts, ReceiptJson.Write);
        return ExitCodes.Done;
    }
}
