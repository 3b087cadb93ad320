using System.Globalization;
using WireGuardian.Core.Identity;

namespace WireGuardian.Core.Policies;

/// <summary>Everything that decides, as one immutable value. A reload makes a new one with the next <see cref="Version"/>.</summary>
public sealed record Policy
{
    /// <summary>Grows by one with every reload; part of what an approval is bound to.</summary>
    public long Version { get; init; }

    /// <summary>The version as records and GetServerInfo name it.</summary>
    public string VersionName => Version.ToString(CultureInfo.InvariantCulture);

    public IReadOnlyList<MaskingRule> Masking { get; init; } = [];

    /// <summary>What functions of the databases do, where the operator says it.</summary>
    public IReadOnlyList<FunctionLabel> Functions { get; init; } = [];

    public IReadOnlyList<ApprovalRule> Approvals { get; init; } = [];

    /// <summary>Where values that no masking rule names are looked into.</summary>
    public IReadOnlyList<DetectionRule> Detection { get; init; } = [];

    public CopiesMode Copies { get; init; }

    /// <summary>Values that must not reach any client.</summary>
    public IReadOnlyList<Canary> Canaries { get; init; } = [];

    /// <summary>Group name to database logins.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Groups { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>Which names belong to one person.</summary>
    public People People { get; init; } = People.None;

    /// <summary>The groups that hold a database login, in the order of their names.</summary>
    public IReadOnlyList<string> GroupsOf(string login) =>
        [.. Groups.Where(group => group.Value.Contains(login, StringComparer.Ordinal)).Select(group => group.Key).Order(StringComparer.Ordinal)];

    /// <summary>The detection rules of a listener, in the order in which they are tried.</summary>
    public IReadOnlyList<DetectionRule> DetectionFor(string listener) => [.. Detection.Where(rule => rule.AppliesTo(listener))];

    /// <summary>The masking rules of a listener, in the order in which they are tried.</summary>
    public IReadOnlyList<MaskingRule> MaskingFor(string listener) => [.. Masking.Where(rule => rule.AppliesTo(listener))];
}
