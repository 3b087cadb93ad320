namespace WireGuardian.Cli.Login;

/// <summary>The token that a login kept, renewed when it is about to end.</summary>
internal static class KeptToken
{
    private static readonly TimeSpan Spare = TimeSpan.FromMinutes(1);

    /// <summary>Null where nobody signed in to this server.</summary>
    /// <exception cref="UsageException">The login has ended.</exception>
    public static async Task<string?> FindAsync(Uri server, Surroundings surroundings, CancellationToken cancellationToken)
    {
        var store = new LoginStore(surroundings);
        if (store.Find(server) is not { } login)
            return null;
        var now = surroundings.Time.GetUtcNow();
        if (login.ExpiresAt is not { } end || now < end - Spare)
            return login.Token;

        using var provider = new Provider();
        try
        {
            if (await TokenAnswer.RefreshAsync(provider, login, now, cancellationToken) is { } renewed)
            {
                store.Save(server, renewed);
                return renewed.Token;
            }
        }
        catch (Exception e) when (e is ProviderUnreachableException or LoginFailedException)
        {
            if (now >= end)
                throw new UsageException($"Your login has ended and could not be renewed. {e.Message}");
        }
        return now < end ? login.Token : throw new UsageException("Your login has ended. Sign in again with: wgctl login");
    }
}
