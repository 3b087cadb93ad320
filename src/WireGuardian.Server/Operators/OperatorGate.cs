using System.Net;
using WireGuardian.Core.Audit;
using WireGuardian.Core.Identity;
using WireGuardian.Server.ControlPlane;

namespace WireGuardian.Server.Operators;

/// <summary>
/// Lets operators in, limits those who guess, and keeps both on record: every refusal that the limit lets through, and of admissions the first one an hour of an
/// operator by a method from an address. Decisions have records of their own, so a watching operator does not fill the trail.
/// </summary>
/// <param name="channel">By which way they come; one of <see cref="Core.Approvals.DecisionChannels"/>.</param>
internal sealed class OperatorGate(IOperatorVerifier verifier, IAuditLog audit, TimeProvider time, RefusalLimit limit, string channel)
{
    internal static readonly TimeSpan AdmissionsRecordedEvery = TimeSpan.FromHours(1);
    private const int MostAdmissions = 4096;

    private readonly Lock _lock = new();
    private readonly Dictionary<(string Operator, string Method, string Client), long> _admissions = [];

    /// <summary>Who it is, or why not. Never throws for a refusal.</summary>
    public async ValueTask<OperatorAdmission> AdmitAsync(IPAddress? from, OperatorCredentials credentials, CancellationToken cancellationToken)
    {
        var (address, client) = (RemoteAddress.LimitKey(from), RemoteAddress.Name(from));
        var shown = credentials.Token.Length > 0 ? credentials.Token : credentials.Certificate?.Certificate.Thumbprint ?? "";
        if (!limit.IsHeard(address, shown))
            return OperatorAdmission.TooMany;

        var verified = await verifier.VerifyAsync(credentials, cancellationToken);
        try
        {
            if (verified.Operator is { } known)
            {
                limit.Remember(address, shown);
                await RecordAdmissionAsync(known, verified, client, cancellationToken);
                return new OperatorAdmission(known, verified.Method, AdmissionProblem.None, "");
            }
            if (!limit.CountRefusal(address))
                return OperatorAdmission.TooMany;
            await audit.AppendDurableAsync(Record(AuditEvents.OperatorRefused, verified, client, "refused") with { Detail = DetailOf(verified) }, cancellationToken);
            return new OperatorAdmission(null, verified.Method, AdmissionProblem.Unauthenticated, verified.Advice);
        }
        catch (AuditUnavailableException)
        {
            return new OperatorAdmission(null, verified.Method, AdmissionProblem.AuditUnavailable, "The audit trail cannot be written.");
        }
    }

    private async ValueTask RecordAdmissionAsync(Operator known, OperatorVerification verified, string client, CancellationToken cancellationToken)
    {
        var key = (known.Name, verified.Method, client);
        lock (_lock)
        {
            if (_admissions.TryGetValue(key, out var recorded) && time.GetElapsedTime(recorded) < AdmissionsRecordedEvery)
                return;
        }
        await audit.AppendDurableAsync(
            Record(AuditEvents.OperatorLogin, verified, client, "allow") with { Operator = known.Name, Detail = DetailOf(verified) }, cancellationToken);
        lock (_lock)
        {
            if (_admissions.Count >= MostAdmissions)
                _admissions.Clear();
            _admissions[key] = time.GetTimestamp();
        }
    }

    private AuditRecord Record(string auditEvent, OperatorVerification verified, string client, string decision) => new()
    {
        Time = time.GetUtcNow(),
        Event = auditEvent,
        Client = client,
        Operator = verified.Operator?.Name ?? "",
        Person = verified.Operator?.Person ?? "",
        Channel = channel,
        Method = verified.Operator is null ? "" : verified.Method,
        Decision = decision,
    };

    /// <summary>A verified identity that is no operator's is named; what could not be verified is not.</summary>
    private static string DetailOf(OperatorVerification verified) => (verified.Operator, verified.Identity) switch
    {
        ({ } known, var identity) when identity == known.Name || identity.Length == 0 => $"by {verified.Method}",
        ({ }, var identity) => $"by {verified.Method} as {identity}",
        (null, "") => verified.Problem,
        (null, var identity) => $"{verified.Problem}: {identity}",
    };
}

/// <summary>What came of an attempt.</summary>
/// <param name="Operator">Who it is; null when refused.</param>
/// <param name="Method">One of <see cref="AuthenticationMethods"/>, or empty.</param>
/// <param name="Problem">Why it was refused.</param>
/// <param name="Message">The same for the caller, in a sentence.</param>
internal sealed record OperatorAdmission(Operator? Operator, string Method, AdmissionProblem Problem, string Message)
{
    public static OperatorAdmission TooMany { get; } =
        new(null, "", AdmissionProblem.TooMany, "Too many calls with a wrong token came from this address; try again later.");
}

/// <summary>Why an attempt was refused.</summary>
internal enum AdmissionProblem
{
    None,
    Unauthenticated,

    /// <summary>This address was refused too often; nothing was looked at or recorded.</summary>
    TooMany,

    /// <summary>It could not be recorded, so it does not count.</summary>
    AuditUnavailable,
}
