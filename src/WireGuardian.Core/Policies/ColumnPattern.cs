using System.Text.RegularExpressions;

namespace WireGuardian.Core.Policies;

/// <summary>A <c>schema.table.column</c> glob: <c>*</c> matches any run of characters, <c>?</c> one character, all else itself.</summary>
public sealed record ColumnPattern(string Schema, string Table, string Column)
{
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

    public override string ToString() => $"{Schema}.{Table}.{Column}";
}
