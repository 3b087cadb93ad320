using System.CommandLine;
using WireGuardian.Cli.Connection;
using WireGuardian.Cli.Presentation;
using WireGuardian.ControlPlane.V1;

namespace WireGuardian.Cli.Commands;

/// <summary><c>wgctl show ID</c></summary>
internal static class ShowCommand
{
    public static Command Create(Session session)
    {
        var id = RequestId.Argument();
        var command = new Command("show", "Show one request with its whole statement.") { id };
        command.SetAction(async (parsed, cancellationToken) =>
        {
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
