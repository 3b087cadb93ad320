using System.CommandLine;
using System.CommandLine.Invocation;
using WireGuardian.Cli.Commands;
using WireGuardian.Cli.Connection;
using WireGuardian.Cli.Login;
using WireGuardian.Cli.Presentation;
using WireGuardian.ControlPlane.Grpc;

namespace WireGuardian.Cli;

/// <summary>The command line as a whole: parse, run, and turn every failure into one line and an exit code.</summary>
internal static class Wgctl
{
    public static async Task<int> RunAsync(string[] args, Surroundings surroundings, CancellationToken cancellationToken)
    {
        var options = new GlobalOptions();
        var parsed = Root(options, surroundings).Parse(args);
        if (parsed.Action is ParseErrorAction)
        {
            foreach (var error in parsed.Errors)
                await Complain(surroundings, error.Message);
            await surroundings.Error.WriteLineAsync("Try: wgctl --help");
            return ExitCodes.WrongUsage;
        }

        var invocation = new InvocationConfiguration
        {
            Output = surroundings.Out,
            Error = surroundings.Error,
            EnableDefaultExceptionHandler = false,
        };
        try
        {
            return await parsed.InvokeAsync(invocation, cancellationToken);
        }
        catch (UsageException e)
        {
            await Complain(surroundings, e.Message);
            return ExitCodes.WrongUsage;
        }
        catch (Exception e) when (e is LoginFailedException or ProviderUnreachableException)
        {
            await Complain(surroundings, e.Message);
            return ExitCodes.Refused;
        }
        catch (RpcException e)
        {
            await Complain(surroundings, CallFailure.Describe(e, options.ServerName(parsed, surroundings)));
            return ExitCodes.Refused;
        }
    }

    private static RootCommand Root(GlobalOptions options, Surroundings surroundings)
    {
        var root = new RootCommand(
            "Decide on statements that WireGuardian holds, and read its audit trail.\n\n"
            + "Exit codes: 0 done, 1 refused or failed, 2 wrong usage.");
        options.AddTo(root);
        var session = new Session(options, surroundings);
        root.Add(PendingCommand.Create(session));
        root.Add(ShowCommand.Create(session));
        root.Add(ApproveCommand.Create(session));
        root.Add(DecisionCommands.CreateDeny(session));
        root.Add(DecisionCommands.CreateBreakGlass(session));
        root.Add(WatchCommand.Create(session));
        root.Add(AuditCommand.Create(session));
        root.Add(LabelsCommand.Create(session));
        root.Add(InfoCommand.Create(session));
        root.Add(LoginCommands.CreateLogin(session));
        root.Add(LoginCommands.CreateLogout(session));
        return root;
    }

    private static Task Complain(Surroundings surroundings, string message)
        => surroundings.Error.WriteLineAsync($"wgctl: {TerminalText.OneLine(message)}");
}
