using System.CommandLine;
using WireGuardian.Cli.Connection;
using WireGuardian.Cli.Presentation;
using WireGuardian.ControlPlane.V1;

namespace WireGuardian.Cli.Commands;

/// <summary><c>wgctl approve ID [--reason …]</c> and <c>wgctl deny ID --reason …</c></summary>
internal static class DecisionCommands
{
    public static Command CreateApprove(Session session)
    {
        var id = RequestId.Argument();
        var reason = new Option<string>("--reason") { Description = "Why; it is recorded.", HelpName = "TEXT" };
        var command = new Command("approve", "Approve a request. Exits with 0 only if this approval counted.") { id, reason };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var question = new ApproveRequest { Id = RequestId.Of(parsed, id), Reason = parsed.GetValue(reason) ?? "" };
            var response = await session.AskAsync(parsed, (server, call) => server.ApproveAsync(question, call), cancellationToken);
            return Tell(session, parsed, response.Request, Approved(response.Request));
        });
        return command;
    }

    public static Command CreateDeny(Session session)
    {
        var id = RequestId.Argument();
        var reason = new Option<string>("--reason") { Description = "Why; the requester is refused, and it is recorded.", HelpName = "TEXT", Required = true };
        var command = new Command("deny", "Deny a request. Exits with 0 only if this denial counted.") { id, reason };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var question = new DenyRequest { Id = RequestId.Of(parsed, id), Reason = parsed.GetRequiredValue(reason) };
            if (string.IsNullOrWhiteSpace(question.Reason))
                throw new UsageException("A denial needs a reason: --reason TEXT.");
            var response = await session.AskAsync(parsed, (server, call) => server.DenyAsync(question, call), cancellationToken);
            return Tell(session, parsed, response.Request, $"Denied {TerminalText.OneLine(response.Request.Id)}.");
        });
        return command;
    }

    private static int Tell(Session session, ParseResult parsed, ApprovalRequest request, string line)
    {
        if (session.Json(parsed))
            Json.WriteObject(session.Surroundings.Out, request, RequestJson.Write);
        else
            session.Surroundings.Out.WriteLine(line);
        return ExitCodes.Done;
    }

    private static string Approved(ApprovalRequest request)
    {
        var id = TerminalText.OneLine(request.Id);
        var given = request.Approvals.Count(a => a.Approved);
        return request.State == ApprovalState.Pending
            ? $"Your approval of {id} counts: {given} of {request.Minimum}. It stays pending until there are {request.Minimum}."
            : $"Approved {id}.";
    }
}
