using System.CommandLine;
using WireGuardian.Cli.Connection;
using WireGuardian.Cli.Watching;
using WireGuardian.ControlPlane.V1;

namespace WireGuardian.Cli.Commands;

/// <summary><c>wgctl watch</c></summary>
internal static class WatchCommand
{
    public static Command Create(Session session)
    {
        var command = new Command("watch", "Show what is pending and every change, until Ctrl-C.");
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var channel = await session.ConnectAsync(parsed, cancellationToken);
            var watch = new RequestWatch(
                new ControlPlaneClient(channel), session.ServerName(parsed), Session.Call, session.Surroundings.Time);
            var surroundings = session.Surroundings;
            if (surroundings.IsTerminal && !session.Json(parsed))
                await LiveView.RunAsync(surroundings, view => watch.RunAsync(view, cancellationToken), cancellationToken);
            else
                await watch.RunAsync(new LineView(surroundings, session.Json(parsed)), cancellationToken);
            return ExitCodes.Done;
        });
        return command;
    }
}
