namespace WireGuardian.Core.Identity;

/// <summary>Somebody whose identity was verified and who may decide on held statements.</summary>
/// <param name="Name">The operator's name.</param>
/// <param name="Groups">The operator's groups.</param>
public sealed record Operator(string Name, IReadOnlyList<string> Groups)
{
    /// <summary>Who that is: a name of <c>people:</c>, or the operator's own where no person has it.</summary>
    public string Person { get; init; } = Name;

    /// <summary>How it was verified; see <see cref="AuthenticationMethods"/>.</summary>
    public string Method { get; init; } = AuthenticationMethods.Token;
}
