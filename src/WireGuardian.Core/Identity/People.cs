namespace WireGuardian.Core.Identity;

/// <summary>Who is who: which logins, operators and certificates belong to one person. What nobody is named for stands for itself.</summary>
/// <param name="All">The entries of <c>people:</c>; no name is in two of them.</param>
public sealed record People(IReadOnlyList<Person> All)
{
    /// <summary>Nobody is named: every name is a person of its own.</summary>
    public static People None { get; } = new([]);

    /// <summary>The person with this database login, or the login.</summary>
    public string OfLogin(string listener, string login) =>
        All.FirstOrDefault(person => person.Logins.Any(one => one.Overlaps(new(listener, login))))?.Name ?? login;

    /// <summary>The person who is this operator (ignoring case), or the operator's name.</summary>
    public string OfOperator(string name) =>
        All.FirstOrDefault(person => person.Operators.Contains(name, StringComparer.OrdinalIgnoreCase))?.Name ?? name;

    /// <summary>The person whose client certificate has this subject (ignoring case), or null.</summary>
    public string? OfCertificate(string subject) =>
        All.FirstOrDefault(person => person.Certificates.Contains(subject, StringComparer.OrdinalIgnoreCase))?.Name;
}
