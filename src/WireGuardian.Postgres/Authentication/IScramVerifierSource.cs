namespace WireGuardian.Postgres.Authentication;

/// <summary>Where the verifiers of users come from when the proxy ends SCRAM on both legs.</summary>
public interface IScramVerifierSource
{
    /// <summary>What is known of <paramref name="user"/>; it may be a few seconds old.</summary>
    ValueTask<ScramVerifierLookup> FindAsync(string user, CancellationToken cancellationToken);

    /// <summary>The last answer for <paramref name="user"/> did not hold: the next one must be fresh.</summary>
    void Forget(string user);
}
