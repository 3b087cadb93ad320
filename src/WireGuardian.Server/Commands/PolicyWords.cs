using System.Net;
using WireGuardian.Core.Detection;
using WireGuardian.Core.Identity;
using WireGuardian.Core.Masking;
using WireGuardian.Core.Policies;
using WireGuardian.Proxy.Tls;
using WireGuardian.Server.Configuration;

namespace WireGuardian.Server.Commands;

/// <summary>Values in the words of the configuration file.</summary>
internal static class PolicyWords
{
    public static string Of(MaskKind mask) => mask.ToString().ToLowerInvariant();

    public static string Of(RuleAction action) => action.ToString().ToLowerInvariant();

    public static string Of(FunctionResult result) => result.ToString().ToLowerInvariant();

    public static string Of(HoldMode mode) => mode.ToString().ToLowerInvariant();

    public static string OfPredicates(MaskingRule rule) => rule.PredicateBudget is { } budget
        ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{budget.PerHour} an hour, then {Of(budget.Then)}")
        : Of(rule.Predicates);

    public static string Of(DetectionMaskKind mask) => mask.ToString().ToLowerInvariant();

    public static IEnumerable<string> NamesOf(DetectorSet detectors) => detectors.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries);

    public static string Of(CopiesMode copies) => copies.ToString().ToLowerInvariant();

    public static string Of(TlsMode mode) => mode == TlsMode.VerifyFull ? "verify-full" : mode.ToString().ToLowerInvariant();

    public static string Of(OtlpProtocol protocol) => protocol == OtlpProtocol.Grpc ? "grpc" : "http/protobuf";

    public static string Of(DnsEndPoint server) => server.Host.Contains(':') ? $"[{server.Host}]:{server.Port}" : $"{server.Host}:{server.Port}";

    public static string Of(PersonLogin login) => login.Listener is null ? login.Login : $"{login.Listener}:{login.Login}";

    /// <summary>Every name of a person, and what it is.</summary>
    public static IEnumerable<string> NamesOf(Person person) =>
    [
        .. person.Logins.Select(login => $"login {Of(login)}"),
        .. person.Operators.Select(name => $"operator {name}"),
        .. person.Certificates.Select(subject => $"certificate {subject}"),
    ];

    /// <summary>Without user, password and query, which can be secrets.</summary>
    public static string Of(Uri endpoint) => endpoint.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);
}
