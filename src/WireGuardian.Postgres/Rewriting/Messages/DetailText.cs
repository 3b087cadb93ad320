using System.Text.RegularExpressions;

namespace WireGuardian.Postgres.Rewriting.Messages;

/// <summary>The detail of an error of the server's own.</summary>
internal static partial class DetailText
{
    private const string KeyStart = "Key (";
    private const string KeyValues = ")=(";
    private const string FailingRow = "Failing row contains (";
    private const string PartitionKey = "Partition key of the failing row contains (";

    private static readonly string[] KeyEnds = [" already exists.", " is duplicated."];

    public static string Redact(string text, MessageOrigin origin, HarmlessNames names)
    {
        if (origin == MessageOrigin.Server && text.StartsWith(KeyStart, StringComparison.Ordinal) && text.Contains(KeyValues, StringComparison.Ordinal))
            return Key(text);
        if (text.StartsWith(FailingRow, StringComparison.Ordinal))
            return FailingRow + HarmlessText.Stars + ").";
        if (text.StartsWith(PartitionKey, StringComparison.Ordinal))
            return PartitionKey + HarmlessText.Stars + ").";
        // Details quote more freely than messages do, whole lines of a document at times. One unknown word outside quotes and all of it goes.
        var vetted = new HarmlessText(names).Vet(text);
        if (vetted.Complete)
            return text;
        var outside = QuotedStars().Replace(vetted.Text, "");
        return origin == MessageOrigin.Server && !outside.Contains(HarmlessText.Stars, StringComparison.Ordinal)
            ? vetted.Text
            : MessageRedactor.Withheld;
    }

    /// <summary>
    /// <c>Key (columns)=(values) already exists.</c> and its like. The values may hold anything, but neither come before the columns nor after the
    /// end of the sentence. The columns may be expressions with literals.
    /// </summary>
    private static string Key(string text)
    {
        var columns = text[KeyStart.Length..text.IndexOf(KeyValues, StringComparison.Ordinal)];
        var shown = PlainColumns().IsMatch(columns) ? columns : HarmlessText.Stars;
        var reference = Reference().Match(text);
        var end = ".";
        if (reference.Success)
        {
            end = $" {reference.Groups["how"].Value} table \"{reference.Groups["table"].Value}\".";
        }
        else if (Array.Find(KeyEnds, candidate => text.EndsWith(candidate, StringComparison.Ordinal)) is { } known)
        {
            end = known;
        }
        return $"{KeyStart}{shown}{KeyValues}{HarmlessText.Stars}){end}";
    }

    [GeneratedRegex(@"\A\w+(, \w+)*\z")]
    private static partial Regex PlainColumns();

    [GeneratedRegex(@"\) (?<how>is not present in|is still referenced from) table ""(?<table>\w+)""\.\z")]
    private static partial Regex Reference();

    [GeneratedRegex("\"\\*\\*\\*\"")]
    private static partial Regex QuotedStars();
}
