using WireGuardian.Server.Configuration.Reading;

namespace WireGuardian.Server.Configuration.Sections;

/// <summary>What masking rules, approval rules and canaries have in common: a name, and the listeners that they are for.</summary>
internal static class RuleNames
{
    /// <summary>The rule's name, which metrics and records show; null, with an error, when it is missing or taken.</summary>
    /// <param name="rule">Where it stands.</param>
    /// <param name="taken">The names above it.</param>
    /// <param name="what">What is named.</param>
    public static string? Read(Section rule, IEnumerable<string> taken, string what = "rule")
    {
        if (rule.Require("name", ScalarForms.Name) is not { } name)
            return null;
        if (taken.Contains(name.Value))
            rule.Context.Error(name.Position, $"a {what} called \"{name.Value}\" is above already; every {what} of this list needs a name of its own");
        return name.Value;
    }

    /// <summary>The listeners of a rule; empty means all. An unknown name is an error: the rule would silently not apply.</summary>
    public static IReadOnlyList<string> ReadListeners(Section rule, IReadOnlyList<string> known)
    {
        var listeners = rule.List("listeners", ScalarForms.Name, mayBeEmpty: false) ?? [];
        foreach (var listener in listeners.Where(listener => !known.Contains(listener.Value)))
        {
            rule.Context.Error(listener.Position, NearestName.Find(listener.Value, known) is { } near
                ? $"there is no listener \"{listener.Value}\"; did you mean \"{near}\"?"
                : $"there is no listener \"{listener.Value}\"; there is: {(known.Count == 0 ? "none" : string.Join(", ", known))}");
        }
        return [.. listeners.Select(listener => listener.Value)];
    }
}
