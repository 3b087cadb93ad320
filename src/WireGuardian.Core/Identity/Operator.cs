namespace WireGuardian.Core.Identity;

/// <summary>Somebody who has authenticated to the control plane and may decide on held statements.</summary>
/// <param name="Name">The operator's name in the configuration.</param>
/// <param name="Groups">The operator's groups.</param>
public sealed record Operator(string Name, IReadOnlyList<string> Groups);
