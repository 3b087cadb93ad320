namespace WireGuardian.Server.Configuration.Yaml;

/// <summary>Where a node begins, both from 1.</summary>
public readonly record struct YamlPosition(int Line, int Column);

/// <summary>A part of a YAML document.</summary>
/// <param name="Position">Where it begins.</param>
public abstract record YamlNode(YamlPosition Position);

/// <summary>Text.</summary>
/// <param name="Text">The text as the file means it, quotes and escapes resolved.</param>
/// <param name="IsQuoted">False for plain text, which can mean "nothing".</param>
public sealed record YamlScalar(string Text, bool IsQuoted, YamlPosition Position) : YamlNode(Position)
{
    /// <summary>True for a key that was left without a value, or with <c>null</c> or <c>~</c>.</summary>
    public bool IsNull => !IsQuoted && Text is "" or "~" or "null" or "Null" or "NULL";
}

/// <summary>A list.</summary>
public sealed record YamlSequence(IReadOnlyList<YamlNode> Items, YamlPosition Position) : YamlNode(Position);

/// <summary>Keys and values, in the order of the file; a key can occur twice here.</summary>
public sealed record YamlMapping(IReadOnlyList<YamlEntry> Entries, YamlPosition Position) : YamlNode(Position);

/// <summary>One key with its value.</summary>
public sealed record YamlEntry(YamlScalar Key, YamlNode Value);

/// <summary>The text is no YAML, or uses a part of YAML that the configuration does not.</summary>
public sealed class YamlSyntaxException(YamlPosition position, string message) : Exception(message)
{
    public YamlPosition Position { get; } = position;
}
