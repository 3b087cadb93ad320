namespace WireGuardian.Server.Scanning;

/// <summary>A column's name as a pattern of the configuration.</summary>
/// <param name="Text">The pattern, without YAML's own quotes.</param>
/// <param name="IsExact">False where the name holds a character that patterns cannot name: a <c>?</c> stands for it, and for any other.</param>
internal readonly record struct PatternText(string Text, bool IsExact)
{
    public static PatternText Of(ScannedColumn column)
    {
        var (schema, table, name) = (Part(column.Table.Schema), Part(column.Table.Name), Part(column.Column.Name));
        return new($"{schema.Text}.{table.Text}.{name.Text}", schema.IsExact && table.IsExact && name.IsExact);
    }

    private static PatternText Part(string name)
    {
        // Globs and quotes; and ${, which would be taken from the environment.
        var text = name.Replace("${", "?{", StringComparison.Ordinal).Replace('*', '?').Replace('"', '?');
        var isPlain = text.All(character => char.IsLetterOrDigit(character) || character is '_' or '?');
        return new(isPlain ? text : $"\"{text}\"", text == name && !name.Contains('?'));
    }
}
