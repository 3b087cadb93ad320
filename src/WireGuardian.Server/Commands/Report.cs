using System.Text;

namespace WireGuardian.Server.Commands;

/// <summary>Plain text of headings and labelled values, wrapped between words at 80 columns.</summary>
internal sealed class Report
{
    private const int Width = 80;
    private readonly StringBuilder _text = new();

    public void Heading(string heading) => _text.Append('\n').Append(heading).Append('\n');

    /// <summary>A line as it is.</summary>
    public void Line(int indent, string text) => _text.Append(' ', indent).Append(text).Append('\n');

    /// <summary>A label with its value. Further lines of the value begin where its first line begins.</summary>
    public void Line(int indent, int labelWidth, string label, string value)
    {
        var start = indent + labelWidth;
        var line = new StringBuilder().Append(' ', indent).Append(label.PadRight(labelWidth - 1)).Append(' ');
        var isFirstWord = true;
        foreach (var word in value.Split(' '))
        {
            if (!isFirstWord && line.Length + 1 + word.Length > Width)
            {
                _text.Append(line).Append('\n');
                line.Clear().Append(' ', start);
                isFirstWord = true;
            }
            line.Append(isFirstWord ? "" : " ").Append(word);
            isFirstWord = false;
        }
        _text.Append(line.ToString().TrimEnd()).Append('\n');
    }

    public override string ToString() => _text.ToString();
}
