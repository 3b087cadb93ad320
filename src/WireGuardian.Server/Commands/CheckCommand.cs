using System.CommandLine;

namespace WireGuardian.Server.Commands;

/// <summary><c>check</c>: validates a configuration without starting anything, and prints what is in force.</summary>
internal static class CheckCommand
{
    public static Command Create()
    {
        var config = CommonOptions.Config();
        var output = CommonOptions.Output();
        var command = new Command("check", "Check a configuration file and print what is in force. Starts nothing.") { config, output };
        command.SetAction(parsed =>
        {
            var (results, errors) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            if (ConfigurationFile.Load(parsed.GetRequiredValue(config), errors) is not { } configuration)
                return ExitCodes.Wrong;
            foreach (var warning in configuration.Warnings)
                errors.WriteLine($"warning: {warning}");
            if (parsed.GetValue(output) == "json")
                results.WriteLine(CheckJson.Write(configuration));
            else
                results.Write(CheckText.Write(configuration));
            return ExitCodes.Done;
        });
        return command;
    }
}
