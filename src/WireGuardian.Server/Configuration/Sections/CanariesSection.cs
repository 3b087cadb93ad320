using System.Text;
using WireGuardian.Core.Policies;
using WireGuardian.Server.Configuration.Reading;

namespace WireGuardian.Server.Configuration.Sections;

/// <summary>Reads <c>canaries:</c>.</summary>
internal static class CanariesSection
{
    public static IReadOnlyList<Canary> Read(Section root, IReadOnlyList<string> listeners)
    {
        var canaries = new List<Canary>();
        var sections = root.Children("canaries", "a canary");
        if (sections.Count > Canary.MaxCount)
            root.Context.Error(sections[Canary.MaxCount].Position, $"expected at most {Canary.MaxCount} canaries, found {sections.Count}");
        foreach (var section in sections)
        {
            var name = RuleNames.Read(section, canaries.Select(canary => canary.Name), "canary");
            var of = RuleNames.ReadListeners(section, listeners);
            var value = ReadValue(section);
            section.Finish();
            if (name is null || value is null)
                continue;
            if (canaries.FirstOrDefault(canary => canary.Value.Span.SequenceEqual(value.Value)) is { } same)
                section.Context.Error(value.Position, $"canary \"{same.Name}\" has the same value");
            canaries.Add(new Canary { Name = name, Value = value.Value, Listeners = of });
        }
        NamesShowNoValue(root, sections, canaries);
        return canaries;
    }

    private static Located<byte[]>? ReadValue(Section section)
    {
        var value = SecretReader.Read(section, "value");
        if (!section.Has("value") && !section.Has("valueFile"))
            section.Missing("value", "the text that was planted, or \"valueFile\" with the path of a file that holds it");
        if (value is null || value.Value.Length is >= Canary.MinLength and <= Canary.MaxLength)
            return value;
        section.Context.Error(value.Position, $"expected a value of {Canary.MinLength} to {Canary.MaxLength} bytes, found {value.Value.Length}: what is shorter turns up by chance");
        return null;
    }

    /// <summary>Names are shown, in what clients are told as well.</summary>
    private static void NamesShowNoValue(Section root, IReadOnlyList<Section> sections, List<Canary> canaries)
    {
        foreach (var section in sections)
        {
            if (section.Optional("name", ScalarForms.Name) is { } name
                && canaries.Any(canary => Encoding.UTF8.GetBytes(name.Value).AsSpan().IndexOf(canary.Value.Span) >= 0))
            {
                root.Context.Error(name.Position, "this name holds the value of a canary; names are shown, values are not");
            }
        }
    }
}
