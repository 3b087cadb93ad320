using System.CommandLine;
using WireGuardian.Core.Identity;
using WireGuardian.Core.Labels;
using WireGuardian.Core.Policies;
using WireGuardian.Proxy.Explaining;
using WireGuardian.Server.Composition;
using WireGuardian.Storage.Labels;

namespace WireGuardian.Server.Commands;

/// <summary><c>explain</c>: says what would become of a statement, and why. It logs in with the catalog login and runs nothing.</summary>
internal static class ExplainCommand
{
    public static Command Create()
    {
        var (config, output) = (CommonOptions.Config(), CommonOptions.Output());
        var listener = new Option<string>("--listener") { Description = "The listener that would get the statement.", HelpName = "NAME", Required = true };
        var user = new Option<string>("--user") { Description = "The database login that would send it.", HelpName = "USER", Required = true };
        var database = new Option<string?>("--database") { Description = "The session's database. PostgreSQL's default is the one called like the login.", HelpName = "DB" };
        var sql = new Argument<string>("SQL") { Description = "The statement, or several." };
        var command = new Command("explain", "Say what would happen to a statement, and why. Runs nothing.") { config, listener, user, database, output, sql };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var (results, errors) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            if (ConfigurationFile.Load(parsed.GetRequiredValue(config), errors) is not { } configuration)
                return ExitCodes.Wrong;
            var name = parsed.GetRequiredValue(listener);
            if (configuration.Listeners.FirstOrDefault(one => one.Name == name) is not { } options)
            {
                await errors.WriteLineAsync($"there is no listener \"{name}\"; the file has: {string.Join(", ", configuration.Listeners.Select(one => one.Name))}");
                return ExitCodes.Wrong;
            }
            var login = parsed.GetRequiredValue(user);
            var principal = new Principal(login, configuration.Policy.GroupsOf(login), "", "");
            try
            {
                await using var explainer = ServerComposition.MakeExplainer(options, new PolicySource(configuration.Policy), new LabelBook(new LabelReading(configuration.DataDirectory)), TimeProvider.System);
                var explanations = await explainer.ExplainAsync(parsed.GetRequiredValue(sql), principal, parsed.GetValue(database), cancellationToken);
                results.Write(parsed.GetValue(output) == "json" ? ExplainJson.Write(explanations) : ExplainText.Write(explanations));
                return ExitCodes.Done;
            }
            catch (Exception exception) when (exception is ExplanationException or CompositionException or LabelStoreException)
            {
                await errors.WriteLineAsync(exception.Message);
                return ExitCodes.Failed;
            }
        });
        return command;
    }
}
