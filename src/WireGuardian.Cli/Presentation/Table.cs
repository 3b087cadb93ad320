using Spectre.Console;

namespace WireGuardian.Cli.Presentation;

/// <summary>A column: its head, and how narrow it may become.</summary>
internal sealed record Column(string Head, int Narrowest)
{
    /// <summary>One that is never cut, however narrow the terminal.</summary>
    public static Column Whole(string head) => new(head, int.MaxValue);
}

/// <summary>
/// Rows that fit the width there is: the widest columns give way first. What cannot give way makes lines that are longer. Cells are made safe to show when a row is added.
/// </summary>
internal sealed class Table(params Column[] columns)
{
    private const int Gap = 2;
    private readonly List<string[]> _rows = [];

    public void Add(params string[] cells) => _rows.Add([.. cells.Select(TerminalText.OneLine)]);

    public void Write(Surroundings surroundings)
    {
        if (surroundings.IsTerminal && Widths(surroundings.Width - 1).Sum() + Gap * (columns.Length - 1) < surroundings.Width)
            Terminal.Console(surroundings).Write(ToRenderable(surroundings.Width));
        else
            WritePlain(surroundings.Out, surroundings.Width);
    }

    /// <summary>For a terminal: the same columns with a coloured head. Cells are never read as markup.</summary>
    public Spectre.Console.Table ToRenderable(int width)
    {
        // One column less, so that no terminal wraps a full line.
        var widths = Widths(width - 1);
        var table = new Spectre.Console.Table().NoBorder().Collapse();
        for (var i = 0; i < columns.Length; i++)
        {
            var column = new TableColumn(new Text(columns[i].Head, new Style(Color.Teal))) { NoWrap = true, Width = widths[i] };
            table.AddColumn(column.Padding(0, 0, i == columns.Length - 1 ? 0 : Gap, 0));
        }

        foreach (var row in _rows)
            table.AddRow(row.Select((cell, i) => new Text(DisplayWidth.Shorten(cell, widths[i]))));
        return table;
    }

    private void WritePlain(TextWriter output, int width)
    {
        var widths = Widths(width);
        WriteLine(output, widths, [.. columns.Select(c => c.Head)]);
        foreach (var row in _rows)
            WriteLine(output, widths, row);
    }

    private static void WriteLine(TextWriter output, int[] widths, string[] cells)
        => output.WriteLine(string.Join(
            new string(' ', Gap), cells.Select((cell, i) => DisplayWidth.Pad(DisplayWidth.Shorten(cell, widths[i]), widths[i]))).TrimEnd());

    private int[] Widths(int width)
    {
        var widths = columns.Select((c, i) => Math.Max(c.Head.Length, _rows.Select(r => DisplayWidth.Of(r[i])).DefaultIfEmpty().Max())).ToArray();
        var room = width - Gap * (columns.Length - 1);
        while (widths.Sum() > room)
        {
            var widest = Enumerable.Range(0, widths.Length).Where(i => widths[i] > columns[i].Narrowest).DefaultIfEmpty(-1).MaxBy(i => i < 0 ? 0 : widths[i]);
            if (widest < 0)
                break;
            widths[widest] = Math.Max(columns[widest].Narrowest, widths[widest] - Math.Max(1, (widths.Sum() - room) / 8));
        }

        return widths;
    }
}
