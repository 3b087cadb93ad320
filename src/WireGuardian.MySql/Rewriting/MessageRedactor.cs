using System.Buffers;
using WireGuardian.Core.Statements;
using WireGuardian.Sql.MySql;

namespace WireGuardian.MySql.Rewriting;

/// <summary>
/// Takes what may be a value of a masked column out of an error's message. The servers put values in single quotes, without escaping the quotes in them; so
/// what stands between the first quote and the last goes, unless all of it is known to be harmless.
/// </summary>
public static class MessageRedactor
{
    /// <summary>Stands for a message that cannot be told apart from a value.</summary>
    public const string Withheld = "the message is withheld, because it may quote a masked value";

    /// <summary>ER_UNKNOWN_ERROR.</summary>
    public const ushort UnknownError = 1105;

    private const string Stars = "***";

    /// <summary>What the servers say behind a value; the rest of the message quotes names.</summary>
    private static readonly string[] BehindValues = ["' for key '", "' for column ", "' for function ", "' at row ", "' in '"];

    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_$.` '");

    /// <summary>
    /// Errors of resolving a statement, whose messages quote names and the statement's own text: no database, bad field, bad table, ambiguous, duplicate
    /// names, syntax, unknown table, no such table, missing right, wrong count of values, no default, no such routine.
    /// </summary>
    private static readonly HashSet<ushort> QuotesStatementOnly =
        [1044, 1046, 1048, 1049, 1050, 1051, 1052, 1054, 1060, 1061, 1064, 1066, 1091, 1109, 1136, 1142, 1143, 1146, 1235, 1305, 1318, 1364];

    private static readonly HashSet<string> Places = new(StringComparer.Ordinal)
    {
        "field list", "where clause", "on clause", "order clause", "group statement", "having clause", "from clause", "global order clause",
    };

    /// <param name="code">The error's number.</param>
    /// <param name="message">The server's message.</param>
    /// <param name="runsCode">Code of the server's ran, which can put anything into a message (SIGNAL).</param>
    /// <param name="names">Names that the client's own statement holds; to show them tells the client nothing.</param>
    public static string Redact(ushort code, string message, bool runsCode, IEnumerable<Identifier> names)
    {
        // A message of the server's own has a template; SIGNAL can take any number and say anything.
        if (runsCode || !IsServerError(code))
            return Withheld;
        if (QuotesStatementOnly.Contains(code))
            return message;
        var first = message.IndexOf('\'', StringComparison.Ordinal);
        var last = message.LastIndexOf('\'');
        if (first < 0)
            return WithoutDoubleQuotes(message);
        if (first == last)
            return string.Concat(message.AsSpan(0, first), "'", Stars);
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            known.Add(name.Name);
            if (name.Qualifier is { } qualifier)
                known.Add(qualifier);
        }
        if (IsHarmless(message, known))
            return message;
        return string.Concat(WithoutDoubleQuotes(message[..first]), "'", Stars, Behind(message, first, last));
    }

    /// <summary>What follows the value, as far as it is known to be none.</summary>
    private static string Behind(string message, int first, int last)
    {
        // A value can hold such words itself; the last ones are the server's.
        var at = BehindValues.Max(mark => message.LastIndexOf(mark, StringComparison.Ordinal));
        var rest = message.AsSpan(at > first ? at : last);
        return rest[1..].ContainsAnyExcept(NameCharacters) ? "'" : rest.ToString();
    }

    private static bool IsHarmless(string message, HashSet<string> known)
    {
        var parts = message.Split('\'');
        if (parts.Length % 2 == 0)
            return false;
        for (var index = 1; index < parts.Length; index += 2)
        {
            if (!Places.Contains(parts[index]) && !parts[index].Split('.').All(name => known.Contains(MySqlNames.Fold(name.Trim('`')))))
                return false;
        }
        return !message.Contains('"', StringComparison.Ordinal);
    }

    private static string WithoutDoubleQuotes(string message)
    {
        var first = message.IndexOf('"', StringComparison.Ordinal);
        return first < 0 ? message : string.Concat(message.AsSpan(0, first), "\"", Stars, "\"");
    }

    /// <summary>The servers' own numbers; 1643 to 1646 are those of SIGNAL and RESIGNAL.</summary>
    private static bool IsServerError(ushort code) => code is (>= 1000 and < 1643) or (> 1646 and < 5000) or (>= 10000 and < 16000);
}
