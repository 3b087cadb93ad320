using WireGuardian.Server.Configuration.Reading;
using WireGuardian.Server.Operators;

namespace WireGuardian.Server.Configuration.Sections;

/// <summary>Reads <c>groups:</c> (of database logins) and <c>operators:</c>.</summary>
internal static class PeopleSections
{
    private const int ShortToken = 16;

    /// <summary>What an operator can be told by, apart from a token.</summary>
    private static readonly string[] OtherProofs = ["certificate", "oidc", "slack"];

    private static readonly ScalarForm<CertificateName> Certificate = new(
        "the subject of a certificate such as \"CN=dana, O=Example\", or email:…, dns:… or uri:… of its alternative names",
        text => CertificateName.TryParse(text, out var name) ? Parsed<CertificateName>.Good(name!) : Parsed<CertificateName>.Bad);

    private static readonly ScalarForm<string> SlackUser = new(
        "the id of a Slack user such as U012AB3CD",
        text => text.Length is > 1 and <= 32 && text[0] is 'U' or 'W' && text.All(char.IsAsciiLetterOrDigit) ? Parsed<string>.Good(text) : Parsed<string>.Bad);

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
            var certificate = Unlike(operators, section, "certificate", Certificate, other => other.Certificate);
            var oidc = Unlike(operators, section, "oidc", ScalarForms.Name, other => other.Oidc);
            var slack = Unlike(operators, section, "slack", SlackUser, other => other.Slack);
            section.Finish();
            if (name is not null && operators.Any(other => other.Name == name.Value))
                section.Context.Error(name.Position, $"an operator called \"{name.Value}\" is above already");
            if (token is not null && operators.FirstOrDefault(other => other.Token == token.Value) is { } same)
                section.Context.Error(token.Position, $"operator \"{same.Name}\" has the same token; every operator needs a token of their own");
            if (name is not null && (token ?? certificate ?? oidc ?? (object?)slack) is not null)
            {
                operators.Add(new OperatorOptions(name.Value, [.. groups.Select(group => group.Value)], token?.Value ?? "")
                {
                    Certificate = certificate?.Value,
                    Oidc = oidc?.Value,
                    Slack = slack?.Value,
                });
            }
        }
        return operators;
    }

    /// <summary>A value that no operator above has: a decision must name exactly one person.</summary>
    private static Located<T>? Unlike<T>(List<OperatorOptions> above, Section section, string key, ScalarForm<T> form, Func<OperatorOptions, T?> valueOf)
        where T : class
    {
        var value = section.Optional(key, form);
        if (value is not null && above.Find(other => value.Value.Equals(valueOf(other))) is { } same)
            section.Context.Error(value.Position, $"operator \"{same.Name}\" has the same {key}; a decision must name exactly one person");
        return value;
    }

    private static Located<string>? ReadToken(Section section)
    {
        var token = SecretReader.ReadText(section, "token");
        if (!section.Has("token") && !section.Has("tokenFile") && !OtherProofs.Any(section.Has))
            section.Missing("token", $"the secret that the operator shows, or \"tokenFile\" with the path of a file that holds it; or one of {string.Join(", ", OtherProofs)}");
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
