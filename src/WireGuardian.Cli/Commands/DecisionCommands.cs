using System.CommandLine;
using WireGuardian.Cli.Connection;
using WireGuardian.Cli.Presentation;
using WireGuardian.ControlPlane.V1;

namespace WireGuardian.Cli.Commands;

/// <summary><c>wgctl deny ID --reason …</c> and <c>wgctl break-glass ID --reason …</c></summary>
internal static class DecisionCommands
{
    public static Command CreateDeny(Session session)
    {
        var id = RequestId.Argument();
        var reason = RequiredReason("Why; the requester is refused, and it is recorded.");
        var command = new Command("deny", "Deny a request. Exits with 0 only if this denial counted.") { id, reason };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var question = new DenyRequest { Id = RequestId.Of(parsed, id), Reason = ReasonOf(parsed, reason, "A denial") };
            var response = await session.AskAsync(parsed, (server, call) => server.DenyAsync(question, call), cancellationToken);
            return Tell(session, parsed, response.Request, $"Denied {TerminalText.OneLine(response.Request.Id)}.");
        });
        return command;
    }

    public static Command CreateBreakGlass(Session session)
    {
        var id = RequestId.Argument();
        var reason = RequiredReason("Why it cannot wait; everybody who watches sees it, and it is recorded.");
        var command = new Command("break-glass", "Release a request at once, whatever its minimum, where its rule lets you. Exits with 0 only if it counted.") { id, reason };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var question = new BreakGlassRequest { Id = RequestId.Of(parsed, id), Reason = ReasonOf(parsed, reason, "Breaking the glass") };
            var response = await session.AskAsync(parsed, (server, call) => server.BreakGlassAsync(question, call), cancellationToken);
            return Tell(session, parsed, response.Request, $"Broke the glass for {TerminalText.OneLine(response.Request.Id)}. It is on record.");
        });
        return command;
    }

    public static int Tell(Session session, ParseResult parsed, ApprovalRequest request, string line)
    {
        if (session.Json(parsed))
            Json.WriteObject(session.Surroundings.Out, request, RequestJson.Write);
        else
            session.Surroundings.Out.WriteLine(line);
        return ExitCodes.Done;
    }

    private static Option<string> RequiredReason(string description) => new("--reason") { Description = description, HelpName = "TEXT", Required = true };

    private static string ReasonOf(ParseResult parsed, Option<string> reason, string what) => parsed.GetRequiredValue(reason) is var text && !string.IsNullOrWhiteSpace(text)
        ? text
        : throw new UsageException($"{what} needs a reason: --reason TEXT.");
}
