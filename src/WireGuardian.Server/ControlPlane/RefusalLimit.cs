using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Threading.RateLimiting;

namespace WireGuardian.Server.ControlPlane;

/// <summary>
/// Stops an address that guesses tokens, and keeps its guesses from filling the audit trail. A token that was good from this address before stays
/// heard: otherwise anybody on an operator's machine could lock the operator out by guessing.
/// </summary>
internal sealed class RefusalLimit(ControlPlaneOptions options) : IAsyncDisposable
{
    /// <summary>More pairs of address and token than any fleet of operators has at a time; beyond it the memory begins anew.</summary>
    private const int KnownPairs = 4096;

    private readonly ConcurrentDictionary<string, bool> _known = new(StringComparer.Ordinal);

    private readonly PartitionedRateLimiter<string> _refusals = PartitionedRateLimiter.Create<string, string>(address =>
        RateLimitPartition.GetFixedWindowLimiter(address, _ => new FixedWindowRateLimiterOptions
        {
            PermitLimit = options.RefusalsPerAddress,
            Window = options.RefusalWindow,
            QueueLimit = 0,
        }));

    /// <summary>False: this address has guessed too often, and its token is not even looked at.</summary>
    public bool IsHeard(string address, string token)
        => _refusals.GetStatistics(address) is not { CurrentAvailablePermits: <= 0 } || _known.ContainsKey(Pair(address, token));

    /// <summary>Counts a refusal; false when it is one too many.</summary>
    public bool CountRefusal(string address)
    {
        using var lease = _refusals.AttemptAcquire(address);
        return lease.IsAcquired;
    }

    public void Remember(string address, string token)
    {
        // Tokens of an OpenID provider change every hour, and the old ones are never seen again.
        if (_known.Count >= KnownPairs)
            _known.Clear();
        _known.TryAdd(Pair(address, token), true);
    }

    public ValueTask DisposeAsync() => _refusals.DisposeAsync();

    /// <summary>A digest, so that no token stays in memory for longer than its call.</summary>
    private static string Pair(string address, string token)
        => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{address} {token}")));
}
