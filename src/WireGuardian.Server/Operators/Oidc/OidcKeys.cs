using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;

namespace WireGuardian.Server.Operators.Oidc;

/// <summary>
/// The provider's signing keys. They are fetched when first needed, when they are an hour old (the old ones serve meanwhile), and when a token names one that is not
/// known, at most every ten seconds. While the provider cannot be reached the known keys go on for a day, then none is trusted.
/// </summary>
internal sealed class OidcKeys(OidcOptions options, HttpClient http, TimeProvider time, ILogger logger) : IDisposable
{
    internal static readonly TimeSpan RefreshAfter = TimeSpan.FromHours(1);
    internal static readonly TimeSpan MaximumAge = TimeSpan.FromDays(1);
    internal static readonly TimeSpan PauseBetweenFetches = TimeSpan.FromSeconds(10);
    private const int SmallestRsaKey = 2048;
    private const int MostKeys = 100;

    private readonly SemaphoreSlim _fetching = new(1, 1);
    private volatile KeySet _known = new([], null);
    private long? _lastAttempt;

    /// <summary>The key of this id, or the only key there is where a token names none; null when there is none that can be trusted.</summary>
    public async ValueTask<SecurityKey?> FindAsync(string? id, CancellationToken cancellationToken)
    {
        var seen = _known;
        if (Find(seen, id) is { } key)
        {
            if (AgeOf(seen) > RefreshAfter)
                _ = RefreshAsync(seen);
            return key;
        }
        await RefreshAsync(seen).WaitAsync(cancellationToken);
        return Find(_known, id);
    }

    public void Dispose() => _fetching.Dispose();

    private JsonWebKey? Find(KeySet keys, string? id)
    {
        if (AgeOf(keys) > MaximumAge)
            return null;
        return string.IsNullOrEmpty(id)
            ? keys.Keys is [var only] ? only : null
            : keys.Keys.FirstOrDefault(key => string.Equals(key.KeyId, id, StringComparison.Ordinal));
    }

    private TimeSpan AgeOf(KeySet keys) => keys.FetchedAt is { } at ? time.GetElapsedTime(at) : TimeSpan.Zero;

    private async Task RefreshAsync(KeySet seen)
    {
        await _fetching.WaitAsync();
        try
        {
            // Whoever waited for another's fetch has its result.
            if (!ReferenceEquals(seen, _known) || (_lastAttempt is { } last && time.GetElapsedTime(last) < PauseBetweenFetches))
                return;
            _lastAttempt = time.GetTimestamp();
            _known = new KeySet(await FetchAsync(), time.GetTimestamp());
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException or InvalidDataException or OperationCanceledException or ArgumentException)
        {
            logger.OidcKeysNotFetched(options.Issuer, exception.GetType().Name);
        }
        finally
        {
            _fetching.Release();
        }
    }

    private async Task<IReadOnlyList<JsonWebKey>> FetchAsync()
    {
        using var timeout = new CancellationTokenSource(http.Timeout, time);
        var address = (await OidcDiscovery.FetchAsync(options, http, timeout.Token)).Address("jwks_uri");
        var keys = new JsonWebKeySet(await http.GetStringAsync(address, timeout.Token)).Keys;
        return [.. keys.Where(IsForSignatures).Take(MostKeys)];
    }

    private static bool IsForSignatures(JsonWebKey key) =>
        (string.IsNullOrEmpty(key.Use) || key.Use == JsonWebKeyUseNames.Sig)
        && (key.Kty == JsonWebAlgorithmsKeyTypes.EllipticCurve || (key.Kty == JsonWebAlgorithmsKeyTypes.RSA && key.KeySize >= SmallestRsaKey));

    private sealed record KeySet(IReadOnlyList<JsonWebKey> Keys, long? FetchedAt);
}
