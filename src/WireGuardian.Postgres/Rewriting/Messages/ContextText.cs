using System.Text;
using System.Text.RegularExpressions;

namespace WireGuardian.Postgres.Rewriting.Messages;

/// <summary>The context: a line for each call that was active, innermost first; some of them quote statements and data, of several lines even.</summary>
internal static partial class ContextText
{
    // What the server says before it quotes.
    private static readonly string[] Quoting = ["SQL statement \"", "SQL expression \"", "PL/pgSQL assignment \""];

    public static string Redact(string text, HarmlessNames names)
    {
        var lines = text.Split('\n');
        // Where no line quotes anything, none can be made up by what another one quotes.
        if (Array.TrueForAll(lines, line => CallWithoutData().IsMatch(line)))
            return text;
        var result = new StringBuilder();
        var previous = "";
        foreach (var line in lines)
        {
            var redacted = RedactLine(line, names);
            if (redacted != HarmlessText.Stars || previous.Length == 0)
                result.Append(result.Length == 0 ? "" : "\n").Append(redacted);
            previous = redacted;
        }
        return result.ToString();
    }

    private static string RedactLine(string line, HarmlessNames names)
    {
        if (Array.Find(Quoting, start => line.StartsWith(start, StringComparison.Ordinal)) is { } quoting)
            return quoting + HarmlessText.Stars + "\"";
        return line.StartsWith("PL/pgSQL function ", StringComparison.Ordinal) || line.StartsWith("SQL function ", StringComparison.Ordinal)
            ? new HarmlessText(names).Vet(line).Text
            : HarmlessText.Stars;
    }

    [GeneratedRegex(
        @"\A(parallel worker|PL/pgSQL function [\w.]+(\([\w\s,.\[\]]*\))? (line [0-9]{1,6} at [A-Za-z/ -]+|during [a-z -]+|while [a-z' -]+))\z")]
    private static partial Regex CallWithoutData();
}
