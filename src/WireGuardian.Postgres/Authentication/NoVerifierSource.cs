namespace WireGuardian.Postgres.Authentication;

/// <summary>Stands where no catalog login is configured.</summary>
public sealed class NoVerifierSource : IScramVerifierSource
{
    private static readonly ScramVerifierLookup Answer = new ScramVerifierLookup.Unavailable(
        "the proxy has no catalog login to read password verifiers with",
        "Configure catalog: for this listener with a login that may read pg_authid, or set upstreamTls to off, or connect with channel_binding=disable.");

    public ValueTask<ScramVerifierLookup> FindAsync(string user, CancellationToken cancellationToken) => ValueTask.FromResult(Answer);

    public void Forget(string user)
    {
        // Nothing is remembered.
    }
}
