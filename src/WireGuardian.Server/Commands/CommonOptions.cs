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
}
