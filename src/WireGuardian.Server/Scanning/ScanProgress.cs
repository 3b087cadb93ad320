using System.Globalization;

namespace WireGuardian.Server.Scanning;

/// <summary>One line on a terminal that says which table is read; nothing where there is no terminal.</summary>
internal sealed class ScanProgress(TextWriter error, bool isTerminal)
{
    private const string ClearLine = "\r\x1b[K";
    private const int MostCharacters = 70;

    private bool _shown;

    /// <param name="number">Of the table, from 1.</param>
    /// <param name="count">Of tables.</param>
    /// <param name="table">What is shown of its name has no control characters.</param>
    public void Show(int number, int count, string table)
    {
        if (!isTerminal)
            return;
        var line = string.Create(CultureInfo.InvariantCulture, $"{number}/{count} {table}");
        error.Write($"{ClearLine}{(line.Length > MostCharacters ? line[..MostCharacters] : line)}");
        _shown = true;
    }

    /// <summary>Takes the line away, so that something else can stand there.</summary>
    public void Clear()
    {
        if (_shown)
            error.Write(ClearLine);
        _shown = false;
    }
}
