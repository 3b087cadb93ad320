using Spectre.Console;

namespace WireGuardian.Cli.Presentation;

/// <summary>The terminal that results go to.</summary>
internal static class Terminal
{
    public static IAnsiConsole Console(Surroundings surroundings)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes,
            ColorSystem = surroundings.Colours ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(surroundings.Out),
        });
        console.Profile.Width = surroundings.Width;
        return console;
    }
}
