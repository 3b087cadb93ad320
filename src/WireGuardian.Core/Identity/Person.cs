namespace WireGuardian.Core.Identity;

/// <summary>One entry of <c>people:</c>: all the names under which one person comes.</summary>
public sealed record Person
{
    public required string Name { get; init; }

    /// <summary>Database logins.</summary>
    public IReadOnlyList<PersonLogin> Logins { get; init; } = [];

    /// <summary>Names of operators.</summary>
    public IReadOnlyList<string> Operators { get; init; } = [];

    /// <summary>Subjects of client certificates, as in <c>CN=dana</c>.</summary>
    public IReadOnlyList<string> Certificates { get; init; } = [];
}

/// <summary>A database login of a person.</summary>
/// <param name="Listener">The listener behind which it is theirs; null for all.</param>
/// <param name="Login">The login.</param>
public sealed record PersonLogin(string? Listener, string Login)
{
    /// <summary>True where both can mean the same login.</summary>
    public bool Overlaps(PersonLogin other) =>
        Login == other.Login && (Listener is null || other.Listener is null || Listener == other.Listener);
}
