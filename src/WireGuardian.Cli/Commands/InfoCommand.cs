using System.CommandLine;
using WireGuardian.Cli.Connection;
using WireGuardian.Cli.Presentation;
using WireGuardian.ControlPlane.V1;

namespace WireGuardian.Cli.Commands;

/// <summary><c>wgctl info</c></summary>
internal static class InfoCommand
{
    public static Command Create(Session session)
    {
        var command = new Command("info", "Show what the server is, and who you are to it.");
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var info = await session.AskAsync(
                parsed, (server, call) => server.GetServerInfoAsync(new GetServerInfoRequest(), call), cancellationToken);
            var surroundings = session.Surroundings;
            if (session.Json(parsed))
                Json.WriteObject(surroundings.Out, info, ServerInfo.WriteJson);
            else
                ServerInfo.Write(surroundings.Out, info);
            return ExitCodes.Done;
        });
        return command;
    }
}
