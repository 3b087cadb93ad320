using WireGuardian.Core.Identity;

namespace WireGuardian.Server.Operators;

/// <summary>Tells operators by what they show.</summary>
public interface IOperatorVerifier
{
    /// <summary>Never throws for wrong credentials: the result says what is wrong with them.</summary>
    ValueTask<OperatorVerification> VerifyAsync(OperatorCredentials credentials, CancellationToken cancellationToken);
}

/// <summary>What came of credentials.</summary>
/// <param name="Operator">Who it is; null when they are nobody's.</param>
/// <param name="Method">How it was proven, one of <see cref="AuthenticationMethods"/>; empty when nothing was shown.</param>
/// <param name="Identity">Whom the credentials name, where that much was proven: the subject of a certificate, the name in a token. Empty else.</param>
/// <param name="Problem">Why they were refused, for the trail; empty when they were not. Never a part of a secret.</param>
/// <param name="Advice">The same for the caller, in a sentence.</param>
public sealed record OperatorVerification(Operator? Operator, string Method, string Identity, string Problem = "", string Advice = "");
