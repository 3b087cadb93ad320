using System.CommandLine;
using WireGuardian.Cli.Connection;
using WireGuardian.Cli.Login;
using WireGuardian.Cli.Presentation;

namespace WireGuardian.Cli.Commands;

/// <summary><c>wgctl login</c> and <c>wgctl logout</c></summary>
internal static class LoginCommands
{
    public static Command CreateLogin(Session session)
    {
        var command = new Command("login", "Sign in at the server's OpenID provider, with a browser on any device, and keep the token for this server.");
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var (server, roots) = session.ServerOf(parsed);
            var surroundings = session.Surroundings;
            var login = await LoginServer.AskAsync(server, roots, cancellationToken);
            using var provider = new Provider();
            var stored = await new DeviceLogin(provider, login, surroundings).RunAsync(server, cancellationToken);
            var path = new LoginStore(surroundings).Save(server, stored);
            await surroundings.Out.WriteLineAsync($"Signed in to {TerminalText.OneLine(stored.Server)}; the token is in {TerminalText.OneLine(path)}.");
            return ExitCodes.Done;
        });
        return command;
    }

    public static Command CreateLogout(Session session)
    {
        var command = new Command("logout", "Forget the token that login kept for this server.");
        command.SetAction(parsed =>
        {
            var (server, _) = session.ServerOf(parsed);
            var forgotten = new LoginStore(session.Surroundings).Delete(server);
            session.Surroundings.Out.WriteLine(forgotten ? $"Forgot the login for {LoginStore.NameOf(server)}." : $"There was no login for {LoginStore.NameOf(server)}.");
            return ExitCodes.Done;
        });
        return command;
    }
}
