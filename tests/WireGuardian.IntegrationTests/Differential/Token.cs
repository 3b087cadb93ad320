using System.Globalization;
using System.Text;

namespace WireGuardian.IntegrationTests.Differential;

/// <summary>One word of a script's line: bare, or in double quotes with escapes.</summary>
/// <param name="Text">Without its quotes, escapes resolved.</param>
/// <param name="Quoted">So that "null" is not NULL.</param>
public sealed record Token(string Text, bool Quoted)
{
    public int Number => int.Parse(Text, CultureInfo.InvariantCulture);

    /// <summary>A bare name=value.</summary>
    public bool IsPair => !Quoted && Text.Contains('=', StringComparison.Ordinal);

    public (string Name, string Value) Pair => (Text[..Text.IndexOf('=', StringComparison.Ordinal)], Text[(Text.IndexOf('=', StringComparison.Ordinal) + 1)..]);

    /// <summary>null, 0x… in hex, repeat:N:text, or the text itself.</summary>
    public byte[]? Value =>
        Quoted ? Encoding.Latin1.GetBytes(Latin1(Text))
        : Text == "null" ? null
        : Text.StartsWith("0x", StringComparison.Ordinal) ? Convert.FromHexString(Text.AsSpan(2))
        : Text.StartsWith("repeat:", StringComparison.Ordinal) ? Repeat(Text.Split(':', 3))
        : Encoding.UTF8.GetBytes(Text);

    public static IReadOnlyList<Token> Split(string line)
    {
        var tokens = new List<Token>();
        for (var at = 0; ;)
        {
            while (at < line.Length && line[at] == ' ')
                at++;
            if (at == line.Length)
                return tokens;
            tokens.Add(line[at] == '"' ? ReadQuoted(line, ref at) : ReadBare(line, ref at));
        }
    }

    private static Token ReadBare(string line, ref int at)
    {
        var text = new StringBuilder();
        while (at < line.Length && line[at] != ' ')
        {
            // name="a value with spaces"
            if (line[at] == '"')
                text.Append(ReadQuoted(line, ref at).Text);
            else
                text.Append(line[at++]);
        }

        return new Token(text.ToString(), Quoted: false);
    }

    private static Token ReadQuoted(string line, ref int at)
    {
        var text = new StringBuilder();
        for (at++; line[at] != '"'; at++)
        {
            if (line[at] != '\\')
            {
                text.Append(line[at]);
                continue;
            }

            text.Append(line[++at] switch
            {
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                'x' => (char)byte.Parse(line.AsSpan((at += 2) - 1, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture),
                var other => other,
            });
        }

        at++;
        return new Token(text.ToString(), Quoted: true);
    }

    /// <summary>A \xNN escape is one byte; every other character is its UTF-8.</summary>
    private static string Latin1(string text) =>
        text.All(character => character < 256) ? text : Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));

    private static byte[] Repeat(string[] parts) =>
        Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(parts[2].Replace("\\n", "\n", StringComparison.Ordinal), int.Parse(parts[1], CultureInfo.InvariantCulture))));
}
