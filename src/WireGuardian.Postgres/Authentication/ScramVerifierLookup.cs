namespace WireGuardian.Postgres.Authentication;

/// <summary>What a verifier source knows of a user.</summary>
public abstract record ScramVerifierLookup
{
    private ScramVerifierLookup()
    {
    }

    /// <summary>The user can log in with SCRAM.</summary>
    public sealed record Found(ScramVerifier Verifier) : ScramVerifierLookup;

    /// <summary>There is no such user, or it has no password, or not one of SCRAM's kind.</summary>
    public sealed record NoPassword : ScramVerifierLookup;

    /// <summary>The password was valid until a time that has passed.</summary>
    public sealed record Expired : ScramVerifierLookup;

    /// <summary>It cannot be told.</summary>
    /// <param name="Reason">Why, for the user to read: no values.</param>
    /// <param name="Hint">What whoever runs the proxy can do.</param>
    public sealed record Unavailable(string Reason, string Hint) : ScramVerifierLookup;
}
