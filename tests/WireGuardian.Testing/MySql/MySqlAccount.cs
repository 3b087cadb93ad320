namespace WireGuardian.Testing.MySql;

/// <summary>A login of a test server.</summary>
/// <param name="User">Its name.</param>
/// <param name="Password">Its password, empty for none.</param>
/// <param name="Plugin">What the server checks it with.</param>
public sealed record MySqlAccount(string User, string Password, string Plugin)
{
    public override string ToString() => User;
}
