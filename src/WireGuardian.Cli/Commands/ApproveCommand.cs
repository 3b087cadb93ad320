using System.CommandLine;
using Google.Protobuf.WellKnownTypes;
using WireGuardian.Cli.Connection;
using WireGuardian.Cli.Presentation;
using WireGuardian.ControlPlane.V1;

namespace WireGuardian.Cli.Commands;

/// <summary><c>wgctl approve ID… [--reason …] [--valid-for 2m] [--max-rows N]</c></summary>
internal sealed class ApproveCommand
{
    private readonly Session _session;

    private readonly Argument<string[]> _ids = new("ID")
    {
        Description = "The request's id, in upper or lower case. Several are approved one by one: what is not pending now is not approved later.",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string> _reason = new("--reason") { Description = "Why; it is recorded.", HelpName = "TEXT" };

    private readonly Option<string> _validFor = new("--valid-for")
    {
        Description = "The approval lapses unless the statement is released within so long: 90s, 10m, 1h.",
        HelpName = "DURATION",
    };

    private readonly Option<long?> _maxRows = new("--max-rows")
    {
        Description = "The approval is for a result of at most so many rows; refused where that cannot be kept.",
        HelpName = "N",
    };

    private ApproveCommand(Session session) => _session = session;

    public static Command Create(Session session)
    {
        var approve = new ApproveCommand(session);
        approve._maxRows.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && long.TryParse(text, out var number) && number < 0)
                result.AddError("--max-rows is not negative.");
        });
        var command = new Command("approve", "Approve requests. Exits with 0 only if every approval counted.") { approve._ids, approve._reason, approve._validFor, approve._maxRows };
        command.SetAction((parsed, cancellationToken) => approve.RunAsync(parsed, cancellationToken));
        return command;
    }

    private Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var ids = parsed.GetRequiredValue(_ids).Select(RequestId.Of).ToList();
        return ids.Count == 1 ? ApproveOneAsync(parsed, ids[0], cancellationToken) : ApproveAllAsync(parsed, ids, cancellationToken);
    }

    private async Task<int> ApproveOneAsync(ParseResult parsed, string id, CancellationToken cancellationToken)
    {
        var question = new ApproveRequest { Id = id, Reason = parsed.GetValue(_reason) ?? "", ValidFor = ValidFor(parsed) };
        if (parsed.GetValue(_maxRows) is { } rows)
            question.MaxRows = rows;
        var response = await _session.AskAsync(parsed, (server, call) => server.ApproveAsync(question, call), cancellationToken);
        return DecisionCommands.Tell(_session, parsed, response.Request, Approved(response.Request));
    }

    private async Task<int> ApproveAllAsync(ParseResult parsed, List<string> ids, CancellationToken cancellationToken)
    {
        var question = new ApproveBatchRequest { Ids = { ids }, Reason = parsed.GetValue(_reason) ?? "", ValidFor = ValidFor(parsed) };
        if (parsed.GetValue(_maxRows) is { } rows)
            question.MaxRows = rows;
        var response = await _session.AskAsync(parsed, (server, call) => server.ApproveBatchAsync(question, call), cancellationToken);
        if (_session.Json(parsed))
        {
            Json.WriteArray(_session.Surroundings.Out, response.Results, BatchJson.Write);
        }
        else
        {
            foreach (var result in response.Results)
                await TellAsync(result);
        }
        return response.Results.Count == ids.Count && response.Results.All(result => result.Counted) ? ExitCodes.Done : ExitCodes.Refused;
    }

    private Task TellAsync(BatchResult result) => result.Counted
        ? _session.Surroundings.Out.WriteLineAsync(Approved(result.Request))
        : _session.Surroundings.Error.WriteLineAsync($"wgctl: {TerminalText.OneLine(result.Id)}: {TerminalText.OneLine(result.Problem)}");

    private Duration? ValidFor(ParseResult parsed) => parsed.GetValue(_validFor) is { } text ? Moment.ParseDuration(text).ToDuration() : null;

    private static string Approved(ApprovalRequest request)
    {
        var id = TerminalText.OneLine(request.Id);
        var given = request.Approvals.Count(a => a.Approved);
        return request.State == ApprovalState.Pending
            ? $"Your approval of {id} counts: {given} of {request.Minimum}. It stays pending until there are {request.Minimum}."
            : $"Approved {id}.";
    }
}
