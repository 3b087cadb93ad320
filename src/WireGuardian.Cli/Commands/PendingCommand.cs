using System.CommandLine;
using WireGuardian.Cli.Connection;
using WireGuardian.Cli.Presentation;
using WireGuardian.ControlPlane.V1;

namespace WireGuardian.Cli.Commands;

/// <summary><c>wgctl pending</c></summary>
internal static class PendingCommand
{
    public static Command Create(Session session)
    {
        var command = new Command("pending", "List the statements that wait for a decision, oldest first.");
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var response = await session.AskAsync(
                parsed, (server, call) => server.ListRequestsAsync(new ListRequestsRequest(), call), cancellationToken);
            var surroundings = session.Surroundings;
            if (session.Json(parsed))
                Json.WriteArray(surroundings.Out, response.Requests, RequestJson.Write);
            else if (response.Requests.Count == 0)
                await surroundings.Error.WriteLineAsync("Nothing is pending.");
            else
                RequestTable.Of(response.Requests, surroundings.Time.GetUtcNow()).Write(surroundings);
            if (response.Truncated)
                await surroundings.Error.WriteLineAsync("wgctl: there are older requests that this list leaves out.");
            return ExitCodes.Done;
        });
        return command;
    }
}
