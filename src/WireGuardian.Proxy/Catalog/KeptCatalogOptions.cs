using WireGuardian.Core.Policies;

namespace WireGuardian.Proxy.Catalog;

/// <summary>How a <see cref="KeptCatalog{TSnapshot}"/> is kept.</summary>
public sealed record KeptCatalogOptions
{
    /// <summary>The masking rules in force, of all listeners; a new list when the configuration was reloaded.</summary>
    public required Func<IReadOnlyList<MaskingRule>> Rules { get; init; }

    /// <summary>For so long a caller waits for a picture.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>Between two looks for changes made around the proxy.</summary>
    public required TimeSpan PollInterval { get; init; }

    /// <summary>For pauses and the background look.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>Told, in a sentence without values, when the catalog stops and starts to answer; may be null.</summary>
    public required Action<string>? Diagnostics { get; init; }

    /// <summary>What the diagnostics call it: "listener …", "database …".</summary>
    public required string Name { get; init; }

    /// <summary>What a caller is told that waited too long.</summary>
    public required string NoAnswer { get; init; }
}
