namespace WireGuardian.Core.Identity;

/// <summary>An entry of <c>operators:</c> as it was read; it lives no longer than it takes to build the <see cref="OperatorDirectory"/>.</summary>
/// <param name="Name">The operator's name.</param>
/// <param name="Groups">The operator's groups.</param>
/// <param name="Token">The secret that proves it.</param>
public sealed record OperatorAccount(string Name, IReadOnlyList<string> Groups, string Token)
{
    /// <summary>Name and groups: the token is in no log.</summary>
    public override string ToString() => $"{Name} ({string.Join(", ", Groups)})";
}
