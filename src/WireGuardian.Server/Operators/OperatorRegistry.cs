using WireGuardian.Core.Identity;
using WireGuardian.Server.Configuration;

namespace WireGuardian.Server.Operators;

/// <summary>The operators of one configuration, by what tells them. Immutable: a reload makes a new one.</summary>
public sealed class OperatorRegistry
{
    private readonly OperatorDirectory _tokens;
    private readonly People _people;
    private readonly Dictionary<CertificateName, Operator> _certificates = [];
    private readonly Dictionary<string, Operator> _oidc = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Operator> _slack = new(StringComparer.Ordinal);
    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="operators">The operators.</param>
    /// <param name="people">Who they are.</param>
    public OperatorRegistry(IReadOnlyList<OperatorOptions> operators, People people)
    {
        _tokens = new OperatorDirectory(operators.Where(one => one.Token.Length > 0).Select(one => new OperatorAccount(one.Name, one.Groups, one.Token)), people);
        _people = people;
        foreach (var one in operators)
        {
            var known = new Operator(one.Name, one.Groups) { Person = people.OfOperator(one.Name) };
            _names.Add(one.Name);
            if (one.Certificate is { } certificate)
                _certificates.Add(certificate, known with { Method = AuthenticationMethods.Certificate });
            if (one.Oidc is { } oidc)
                _oidc.Add(oidc, known with { Method = AuthenticationMethods.Oidc });
            if (one.Slack is { } slack)
                _slack.Add(slack, known with { Method = AuthenticationMethods.Slack });
        }
    }

    /// <summary>Takes the same time for every token that is nobody's.</summary>
    public Operator? ByToken(string token) => _tokens.Authenticate(token);

    /// <summary>The person whose certificate this is, where the operator is nobody that <c>people:</c> names; else the operator's.</summary>
    public Operator WithPersonOf(Operator known, string subject) =>
        known.Person == known.Name && _people.OfCertificate(subject) is { } person ? known with { Person = person } : known;

    /// <summary>The operators that one of these names belongs to; more than one is an ambiguity that nobody may profit from.</summary>
    public IReadOnlyList<Operator> ByCertificate(IEnumerable<CertificateName> names) =>
        [.. names.Select(name => _certificates.GetValueOrDefault(name)).OfType<Operator>().Distinct()];

    public Operator? ByOidc(string name) => _oidc.GetValueOrDefault(name);

    public Operator? BySlack(string user) => _slack.GetValueOrDefault(user);

    /// <summary>True when the configuration has an operator of this name, ignoring case.</summary>
    public bool IsNamed(string name) => _names.Contains(name);
}
