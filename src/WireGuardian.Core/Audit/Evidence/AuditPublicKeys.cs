namespace WireGuardian.Core.Audit.Evidence;

/// <summary>The keys whose signatures count.</summary>
public sealed class AuditPublicKeys(IEnumerable<AuditPublicKey> keys)
{
    private readonly Dictionary<string, AuditPublicKey> _keys = keys.DistinctBy(key => key.Id).ToDictionary(key => key.Id, StringComparer.Ordinal);

    public IReadOnlyCollection<AuditPublicKey> All => _keys.Values;

    /// <summary>What is wrong with a signature, in one sentence; null when it is good.</summary>
    public string? ProblemOf(string keyId, ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> signature) =>
        !_keys.TryGetValue(keyId, out var key) ? $"It is signed by the key {Short(keyId)}, which is not among those that are trusted."
        : !key.Verify(bytes, signature) ? $"Its signature is not that of the key {Short(keyId)}: it was altered, or forged."
        : null;

    private static string Short(string keyId) => keyId.Length > 16 ? $"{keyId[..16]}…" : keyId;
}
