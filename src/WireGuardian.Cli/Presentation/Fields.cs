namespace WireGuardian.Cli.Presentation;

/// <summary>A record for people: a name and its value on each line, values in one column.</summary>
internal static class Fields
{
    private const int NameWidth = 13;

    public static void Write(TextWriter output, string name, string value)
    {
        if (value.Length > 0)
            output.WriteLine($"{name.PadRight(NameWidth)}{TerminalText.OneLine(value)}");
    }
}
