namespace WireGuardian.Cli;

/// <summary>What the program touches of the world around it.</summary>
internal sealed record Surroundings
{
    /// <summary>Width of a line where no terminal says otherwise, in columns.</summary>
    private const int PlainWidth = 80;

    /// <summary>Results.</summary>
    public required TextWriter Out { get; init; }

    /// <summary>Diagnostics.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>True when results go to a person's terminal, which understands colours and cursor movements.</summary>
    public bool IsTerminal { get; init; }

    public bool Colours { get; init; }

    /// <summary>In columns.</summary>
    public int Width { get; init; } = PlainWidth;
    public Func<string, string?> Environment { get; init; } = static _ => null;
    public TimeProvider Time { get; init; } = TimeProvider.System;

    public static Surroundings OfThisProcess()
    {
        var isTerminal = !Console.IsOutputRedirected && System.Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb");
        return new Surroundings
        {
            Out = Console.Out,
            Error = Console.Error,
            IsTerminal = isTerminal,
            Colours = isTerminal && string.IsNullOrEmpty(System.Environment.GetEnvironmentVariable("NO_COLOR")),
            Width = isTerminal && Console.WindowWidth > 0 ? Math.Max(40, Console.WindowWidth) : PlainWidth,
            Environment = System.Environment.GetEnvironmentVariable,
        };
    }
}
