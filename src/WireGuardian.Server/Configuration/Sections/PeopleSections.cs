using WireGuardian.Server.Configuration.Reading;

namespace WireGuardian.Server.Configuration.Sections;

/// <summary>Reads <c>groups:</c> (of database logins) and <c>operators:</c>.</summary>
internal static class PeopleSections
{
    private const int ShortToken = 16;

    public static IReadOnlyDictionary<string, IReadOnlyList<string>> ReadGroups(Section root)
    {
        var groups = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        if (root.Child("groups", "groups, each a name with a list of database logins") is not { } section)
            return groups;
        foreach (var name in section.Keys)
            groups[name.Text] = [.. (section.List(name.Text, ScalarForms.Name, mayBeEmpty: true) ?? []).Select(login => login.Value)];
        return groups;
    }

    public static IReadOnlyList<OperatorOptions> ReadOperators(Section root)
    {
        var operators = new List<OperatorOptions>();
        foreach (var section in root.Children("operators", "an operator"))
        {
            var name = section.Require("name", ScalarForms.Name);
            var groups = section.List("groups", ScalarForms.Name, mayBeEmpty: true) ?? [];
            var token = ReadToken(section);
            section.Finish();
            if (name is not null && operators.Any(other => other.Name == name.Value))
                section.Context.Error(name.Position, $"an operator called \"{name.Value}\" is above already");
            if (token is not null && operators.FirstOrDefault(other => other.Token == token.Value) is { } same)
                section.Context.Error(token.Position, $"operator \"{same.Name}\" has the same token; every operator needs a token of their own");
            if (name is not null && token is not null)
                operators.Add(new OperatorOptions(name.Value, [.. groups.Select(group => group.Value)], token.Value));
        }
        return operators;
    }

    private static Located<string>? ReadToken(Section section)
    {
        var token = SecretReader.ReadText(section, "token");
        if (!section.Has("token") && !section.Has("tokenFile"))
            section.Missing("token", "the secret that the operator shows, or \"tokenFile\" with the path of a file that holds it");
        if (token is null)
            return null;
        var text = token.Value.Trim();
        if (text.Length == 0)
            section.Context.Error(token.Position, "expected a token that is not blank");
        else if (text.Length < ShortToken)
            section.Context.Warn(token.Position, $"a token of fewer than {ShortToken} characters can be guessed; make one with: openssl rand -hex 32");
        return text.Length == 0 ? null : token with { Value = text };
    }
}
