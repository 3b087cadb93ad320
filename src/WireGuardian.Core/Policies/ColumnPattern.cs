using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using WireGuardian.Core.Masking.Documents;

namespace WireGuardian.Core.Policies;

/// <summary>A <c>schema.table.column</c> glob: <c>*</c> matches any run of characters, <c>?</c> one character, all else itself.</summary>
public sealed record ColumnPattern(string Schema, string Table, string Column)
{
    /// <summary>The place in the column's documents that is meant; null for the column as a whole.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonPath? Path { get; init; }

    /// <summary>Whoever names a column knows what it holds. A glob with a path means the columns of tables alone whose type is that of documents: those of views are followed.</summary>
    [JsonIgnore]
    public bool IsForDocuments => Path is not null && Column.AsSpan().ContainsAny('*', '?');

    /// <summary>Reads a column with a path (<c>public.people.profile->'contact'->>'email'</c>), or a path alone, which stands for every column of documents (<c>**.email</c>).</summary>
    /// <param name="text">The text.</param>
    /// <param name="pattern">The pattern.</param>
    /// <param name="problem">What is wrong; empty for a text that names no column.</param>
    public static bool TryParseWithPath(string text, out ColumnPattern? pattern, out string problem)
    {
        pattern = null;
        problem = "";
        var isAnywhere = text.StartsWith("**", StringComparison.Ordinal);
        var start = isAnywhere ? 0 : StartOfPath(text);
        if (start < 0)
            return TryParse(text, out pattern);
        var column = isAnywhere ? new ColumnPattern("*", "*", "*") : null;
        if ((column is null && !TryParse(text[..start], out column)) || !JsonPath.TryRead(text, start, out var path, out problem))
            return false;
        pattern = column! with { Path = path };
        return true;
    }

    /// <summary>Reads <c>schema.table.column</c>. A part may be in double quotes when it holds a dot.</summary>
    public static bool TryParse(string text, out ColumnPattern? pattern)
    {
        pattern = null;
        var parts = Regex.Matches(text, "\\G(?:\"([^\"]+)\"|([^.\"]+))(?:\\.|$)");
        if (parts.Count != 3 || parts.Sum(part => part.Length) != text.Length || text.EndsWith('.'))
            return false;
        pattern = new ColumnPattern(Part(0), Part(1), Part(2));
        return true;

        string Part(int index) => parts[index].Groups[1].Success ? parts[index].Groups[1].Value : parts[index].Groups[2].Value;
    }

    /// <summary>True for this column. Names are told apart by their case, as the servers hand them out.</summary>
    public bool Matches(string schema, string table, string column) => Matches(Schema, schema) && Matches(Table, table) && Matches(Column, column);

    /// <summary>One part of a glob as an anchored regular expression that both .NET and the servers read alike.</summary>
    public static string ToRegex(string glob)
    {
        var regex = new System.Text.StringBuilder("^");
        foreach (var character in glob)
        {
            regex.Append(character switch
            {
                '*' => ".*",
                '?' => ".",
                _ when char.IsAsciiLetterOrDigit(character) || character is '_' or > '\x7f' => character.ToString(),
                _ => $"\\{character}",
            });
        }
        return regex.Append('$').ToString();
    }

    /// <summary>The first arrow that is not in double quotes; -1 where there is none.</summary>
    private static int StartOfPath(string text)
    {
        var inQuotes = false;
        for (var at = 0; at < text.Length; at++)
        {
            inQuotes ^= text[at] == '"';
            if (!inQuotes && text.AsSpan(at).StartsWith("->"))
                return at;
        }
        return -1;
    }

    private static bool Matches(ReadOnlySpan<char> glob, ReadOnlySpan<char> name)
    {
        // Where the last star was, and what it stands for so far: on a mismatch it takes one more character.
        var (atGlob, atName, star, taken) = (0, 0, -1, 0);
        while (atName < name.Length)
        {
            if (atGlob < glob.Length && glob[atGlob] == '*')
                (star, taken) = (atGlob++, atName);
            else if (atGlob < glob.Length && (glob[atGlob] == '?' || glob[atGlob] == name[atName]))
                (atGlob, atName) = (atGlob + 1, atName + 1);
            else if (star >= 0)
                (atGlob, atName) = (star + 1, ++taken);
            else
                return false;
        }
        return glob[atGlob..].TrimStart('*').IsEmpty;
    }

    public override string ToString() => Path is null ? $"{Schema}.{Table}.{Column}"
        : this is { Schema: "*", Table: "*", Column: "*" } && Path.ToString() is ['-', '>', '*', '*', ..] anywhere ? anywhere[2..]
        : $"{Schema}.{Table}.{Column}{Path}";
}
