namespace WireGuardian.Core.Identity;

/// <summary>Who a session belongs to, as proven at login. SET ROLE and SET SESSION AUTHORIZATION change nothing here.</summary>
/// <param name="Login">The database login.</param>
/// <param name="Groups">The groups (of the configuration's <c>groups:</c>) that hold the login.</param>
/// <param name="ClientAddress">Where the connection comes from, without the port.</param>
/// <param name="Application">The client's own word for itself (application_name, program_name); empty when it gave none.</param>
public sealed record Principal(string Login, IReadOnlyList<string> Groups, string ClientAddress, string Application)
{
    /// <summary>True when <paramref name="name"/> is the login or one of its groups.</summary>
    public bool Is(string name) => Login == name || Groups.Contains(name);
}
