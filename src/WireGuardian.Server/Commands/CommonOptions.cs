using System.CommandLine;

namespace WireGuardian.Server.Commands;

/// <summary>Options that several commands take.</summary>
internal static class CommonOptions
{
    public static Option<string> Config() => new("--config")
    {
        Description = "The configuration file (YAML).",
        HelpName = "FILE",
        Required = true,
    };

    public static Option<string> Output()
    {
        var output = new Option<string>("--output") { Description = "How to print.", HelpName = "text|json", DefaultValueFactory = _ => "text" };
        output.AcceptOnlyFromAmong("text", "json");
        return output;
    }
}
