using WireGuardian.Server.Configuration.Yaml;

namespace WireGuardian.Server.Configuration.Reading;

/// <summary>
/// One mapping of the file while it is read. Every problem goes to the context and reading goes on, so that one run names them all. The keys that
/// were asked for are the keys that are known: <see cref="Finish"/> reports every other one.
/// </summary>
internal sealed class Section
{
    private readonly List<string> _known = [];
    private readonly Dictionary<string, YamlEntry> _entries = new(StringComparer.Ordinal);
    private readonly string _title;

    /// <param name="context">Takes the problems.</param>
    /// <param name="mapping">The mapping to read.</param>
    /// <param name="title">What the mapping describes, for messages: "a listener".</param>
    public Section(ReadingContext context, YamlMapping mapping, string title)
    {
        Context = context;
        Position = mapping.Position;
        _title = title;
        foreach (var entry in mapping.Entries)
        {
            if (!_entries.TryAdd(entry.Key.Text, entry))
                context.Error(entry.Key.Position, $"duplicate key {Quoted(entry.Key.Text)}; it is on line {_entries[entry.Key.Text].Key.Position.Line} already");
        }
    }

    public ReadingContext Context { get; }

    public YamlPosition Position { get; }

    /// <summary>The keys as they stand in the file, for mappings whose keys are names.</summary>
    public IEnumerable<YamlScalar> Keys => _entries.Values.Select(entry => entry.Key);

    /// <summary>True when the key is there with a value.</summary>
    public bool Has(string key) => Find(key) is not null;

    /// <summary>True when the key is there with a mapping.</summary>
    public bool HasMapping(string key) => Find(key) is { Value: YamlMapping };

    /// <summary>Where the key stands; the section itself when it is not there.</summary>
    public YamlPosition PositionOf(string key) => _entries.TryGetValue(key, out var entry) ? entry.Key.Position : Position;

    /// <summary>The value of a key that may be left out; null when it is not there or wrong.</summary>
    public Located<T>? Optional<T>(string key, ScalarForm<T> form) => Find(key) is { } entry ? Read(entry.Value, form) : null;

    /// <summary>The value of a key that must be there; null when it is not there or wrong.</summary>
    public Located<T>? Require<T>(string key, ScalarForm<T> form)
    {
        if (Find(key) is { } entry)
            return Read(entry.Value, form);
        Missing(key, form.Expected);
        return null;
    }

    /// <summary>As <see cref="Require"/>, for keys where <c>null</c> without quotes is a word like any other.</summary>
    public Located<T>? RequireWord<T>(string key, ScalarForm<T> form)
    {
        _known.Add(key);
        return _entries.TryGetValue(key, out var entry) && entry.Value is YamlScalar { IsNull: true, Text: "null" } word
            ? Read(word, form)
            : Require(key, form);
    }

    /// <summary>A list of scalars; null when the key is not there. A list that narrows something must not be empty: an empty one would mean "all".</summary>
    public IReadOnlyList<Located<T>>? List<T>(string key, ScalarForm<T> form, bool mayBeEmpty)
    {
        _known.Add(key);
        if (!_entries.TryGetValue(key, out var entry))
            return null;
        if (entry.Value is YamlScalar { IsNull: true } && mayBeEmpty)
            return [];
        if (entry.Value is not YamlSequence sequence)
        {
            Context.Error(entry.Value.Position, $"expected a list ([a, b], or lines that begin with \"-\"), each item {form.Expected}; found {Kind(entry.Value)}");
            return null;
        }
        if (sequence.Items.Count == 0 && !mayBeEmpty)
            Context.Error(sequence.Position, $"\"{key}\" is empty; name at least one, or leave the key out if it may be left out");
        return [.. sequence.Items.Select(item => Read(item, form)).OfType<Located<T>>()];
    }

    /// <summary>A mapping inside this one; null when it is not there or no mapping.</summary>
    public Section? Child(string key, string title) => Find(key) is { } entry ? Open(entry.Value, title) : null;

    /// <summary>A list of mappings; empty when the key is not there.</summary>
    /// <param name="required">What is expected, where there must be at least one; null where there may be none.</param>
    public IReadOnlyList<Section> Children(string key, string title, string? required = null)
    {
        var entry = Find(key);
        if (entry?.Value is YamlSequence { Items.Count: > 0 } sequence)
            return [.. sequence.Items.Select(item => Open(item, title)).OfType<Section>()];
        if (entry is not null and { Value: not YamlSequence })
            Context.Error(entry.Value.Position, $"expected a list, each item {title} (lines that begin with \"-\"); found {Kind(entry.Value)}");
        else if (required is not null)
            Missing(key, required);
        return [];
    }

    public void Missing(string key, string expected) => Context.Error(Position, $"{_title} needs \"{key}\": {expected}");

    /// <summary>Reports every key that nobody asked for.</summary>
    public void Finish()
    {
        foreach (var key in Keys.Where(key => !_known.Contains(key.Text)))
        {
            Context.Error(key.Position, NearestName.Find(key.Text, _known) is { } near
                ? $"unknown key {Quoted(key.Text)}; did you mean \"{near}\"?"
                : $"unknown key {Quoted(key.Text)}; {_title} has: {string.Join(", ", _known.Distinct())}");
        }
    }

    private YamlEntry? Find(string key)
    {
        _known.Add(key);
        return _entries.TryGetValue(key, out var entry) && entry.Value is not YamlScalar { IsNull: true } ? entry : null;
    }

    private Section? Open(YamlNode node, string title)
    {
        if (node is YamlMapping mapping)
            return new Section(Context, mapping, title);
        Context.Error(node.Position, $"expected {title} (lines \"key: value\"); found {Kind(node)}");
        return null;
    }

    private Located<T>? Read<T>(YamlNode node, ScalarForm<T> form)
    {
        if (node is not YamlScalar scalar)
        {
            Context.Error(node.Position, $"expected {form.Expected}; found {Kind(node)}");
            return null;
        }
        if (!EnvironmentText.TryExpand(scalar.Text, Context.Environment, out var text, out var problem))
        {
            Context.Error(node.Position, problem);
            return null;
        }
        var parsed = form.Parse(text);
        if (parsed.Succeeded)
            return new Located<T>(parsed.Value, node.Position);

        // What came from the environment may be a secret that was put into the wrong key: only the file's own text is shown.
        var isOwnText = text == scalar.Text;
        var found = form.IsSecret ? "" : $", found {(isOwnText ? Quoted(text, cutAtColon: false) : $"what {Quoted(scalar.Text, cutAtColon: false)} stands for")}";
        Context.Error(node.Position, isOwnText && parsed.Problem is { } special ? special : $"expected {form.Expected}{found}");
        return null;
    }

    private static string Kind(YamlNode node) => node switch
    {
        YamlScalar { IsNull: true } => "nothing",
        YamlScalar => "text",
        YamlSequence => "a list",
        _ => "a mapping (\"key: value\")",
    };

    /// <summary>A key that holds a colon is most often <c>key:value</c> without the blank, and that value may be a secret.</summary>
    private static string Quoted(string text, bool cutAtColon = true)
    {
        var colon = cutAtColon ? text.IndexOf(':', StringComparison.Ordinal) : -1;
        if (colon >= 0)
            return $"\"{text[..(colon + 1)]}…\" (a blank is missing after the colon)";
        return text.Length <= 64 ? $"\"{text}\"" : $"\"{text[..64]}…\"";
    }
}
