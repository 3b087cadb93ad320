namespace WireGuardian.Core.Policies;

/// <summary>
/// A value planted where nobody should read it. Wherever it is about to leave, by whatever way, the session that asked for it ends.
/// </summary>
public sealed record Canary
{
    /// <summary>Bytes of the shortest value: what is shorter turns up by chance.</summary>
    public const int MinLength = 8;

    /// <summary>Bytes of the longest value.</summary>
    public const int MaxLength = 256;

    /// <summary>Canaries of one configuration.</summary>
    public const int MaxCount = 64;

    /// <summary>The name that records, metrics and the log show in place of the value.</summary>
    public required string Name { get; init; }

    /// <summary>The bytes as they would stand on the wire, <see cref="MinLength"/> to <see cref="MaxLength"/> of them. Secret.</summary>
    public required ReadOnlyMemory<byte> Value { get; init; }

    /// <summary>The listeners that look for it; empty means all.</summary>
    public IReadOnlyList<string> Listeners { get; init; } = [];

    public bool AppliesTo(string listener) => Listeners.Count == 0 || Listeners.Contains(listener, StringComparer.Ordinal);

    /// <summary>Without the value.</summary>
    public override string ToString() => $"Canary {{ Name = {Name} }}";
}
