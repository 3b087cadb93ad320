namespace WireGuardian.MySql.Startup;

/// <summary>Ends a login with an error for the client.</summary>
public sealed class LoginRefusedException(FatalError error, Exception? inner = null) : Exception(error.Message, inner)
{
    public FatalError Error { get; } = error;
}
