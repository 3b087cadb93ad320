using System.CommandLine;
using WireGuardian.Cli.Connection;
using WireGuardian.Cli.Presentation;
using WireGuardian.ControlPlane.V1;

namespace WireGuardian.Cli.Commands;

/// <summary><c>wgctl labels</c> and <c>wgctl labels remove ID --reason …</c></summary>
internal static class LabelsCommand
{
    public static Command Create(Session session)
    {
        var command = new Command("labels", "List the columns that hold masked values and are masked for that: labels (copies: label), and columns that rules masked under another name or for another table.") { CreateRemove(session) };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var response = await session.AskAsync(parsed, (server, call) => server.ListLabelsAsync(new ListLabelsRequest(), call), cancellationToken);
            var surroundings = session.Surroundings;
            if (session.Json(parsed))
                Json.WriteArray(surroundings.Out, response.Labels, LabelJson.Write);
            else if (response.Labels.Count == 0)
                await surroundings.Error.WriteLineAsync("There are no labels.");
            else
                LabelTable.Of(response.Labels).Write(surroundings);
            if (response.Truncated)
                await surroundings.Error.WriteLineAsync("wgctl: there are newer labels that this list leaves out.");
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command CreateRemove(Session session)
    {
        var id = new Argument<string>("ID") { Description = "The label, as listed." };
        var reason = new Option<string>("--reason") { Description = "Why; it is recorded.", HelpName = "TEXT", Required = true };
        var command = new Command("remove", "Take a label away: the column is masked no more unless a rule names it.") { id, reason };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var question = new RemoveLabelRequest { Id = parsed.GetRequiredValue(id), Reason = parsed.GetRequiredValue(reason) };
            var response = await session.AskAsync(parsed, (server, call) => server.RemoveLabelAsync(question, call), cancellationToken);
            var surroundings = session.Surroundings;
            if (session.Json(parsed))
                Json.WriteObject(surroundings.Out, response.Label, LabelJson.Write);
            else
                await surroundings.Out.WriteLineAsync(TerminalText.OneLine($"{response.Label.Id} is removed: {LabelTable.ColumnOf(response.Label)} is masked by it no more."));
            return ExitCodes.Done;
        });
        return command;
    }
}
