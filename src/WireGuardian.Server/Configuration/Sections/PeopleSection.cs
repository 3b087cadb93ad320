using WireGuardian.Core.Identity;
using WireGuardian.Server.Configuration.Reading;

namespace WireGuardian.Server.Configuration.Sections;

/// <summary>Reads <c>people:</c>, which says what names belong to one person. A name in two people would let one of them approve for the other.</summary>
internal static class PeopleSection
{
    public static People Read(Section root, IReadOnlyList<string> listeners, IReadOnlyList<OperatorOptions> operators)
    {
        var people = new List<Person>();
        foreach (var section in root.Children("people", "a person"))
        {
            var name = RuleNames.Read(section, people.Select(person => person.Name), "person");
            var logins = section.List("logins", ScalarForms.Name, mayBeEmpty: true) ?? [];
            var asOperators = section.List("operators", ScalarForms.Name, mayBeEmpty: true) ?? [];
            var certificates = section.List("certificates", ScalarForms.Subject, mayBeEmpty: true) ?? [];
            section.Finish();
            people.Add(new Person
            {
                Name = name ?? "",
                Logins = ReadLogins(section.Context, logins, listeners, people),
                Operators = ReadOperators(section.Context, asOperators, operators, people),
                Certificates = ReadCertificates(section.Context, certificates, people),
            });
        }
        return new People(people);
    }

    /// <summary>A login, or <c>listener:login</c> where it is theirs behind one listener only.</summary>
    private static List<PersonLogin> ReadLogins(
        ReadingContext context, IReadOnlyList<Located<string>> texts, IReadOnlyList<string> listeners, IReadOnlyList<Person> others)
    {
        var logins = new List<PersonLogin>();
        foreach (var text in texts)
        {
            var colon = text.Value.IndexOf(':', StringComparison.Ordinal);
            var login = colon < 0 ? new PersonLogin(null, text.Value) : new PersonLogin(text.Value[..colon], text.Value[(colon + 1)..]);
            if (login.Listener is { } listener && !listeners.Contains(listener))
            {
                context.Error(text.Position, NearestName.Find(listener, listeners) is { } near
                    ? $"there is no listener \"{listener}\"; did you mean \"{near}\"?"
                    : $"there is no listener \"{listener}\"; expected a login, or a login behind a listener as in {(listeners.Count > 0 ? listeners[0] : "app")}:{login.Login}");
            }
            else if (others.FirstOrDefault(other => other.Logins.Any(login.Overlaps)) is { } other)
            {
                context.Error(text.Position, $"the login \"{text.Value}\" is {other.Name}'s already; a name belongs to one person");
            }
            logins.Add(login);
        }
        return logins;
    }

    private static List<string> ReadOperators(
        ReadingContext context, IReadOnlyList<Located<string>> names, IReadOnlyList<OperatorOptions> operators, IReadOnlyList<Person> others)
    {
        foreach (var name in names)
        {
            if (!operators.Any(one => one.Name == name.Value))
            {
                context.Error(name.Position, NearestName.Find(name.Value, operators.Select(one => one.Name)) is { } near
                    ? $"there is no operator \"{name.Value}\"; did you mean \"{near}\"?"
                    : $"there is no operator \"{name.Value}\"");
            }
            else if (others.FirstOrDefault(other => other.Operators.Contains(name.Value, StringComparer.OrdinalIgnoreCase)) is { } other)
            {
                context.Error(name.Position, $"the operator \"{name.Value}\" is {other.Name} already; a name belongs to one person");
            }
        }
        return [.. names.Select(name => name.Value)];
    }

    private static List<string> ReadCertificates(ReadingContext context, IReadOnlyList<Located<string>> subjects, IReadOnlyList<Person> others)
    {
        foreach (var subject in subjects)
        {
            if (others.FirstOrDefault(other => other.Certificates.Contains(subject.Value, StringComparer.OrdinalIgnoreCase)) is { } other)
                context.Error(subject.Position, $"the certificate \"{subject.Value}\" is {other.Name}'s already; a name belongs to one person");
        }
        return [.. subjects.Select(subject => subject.Value)];
    }
}
