namespace WireGuardian.Postgres.Startup;

/// <summary>Ends a start-up or a login with an error for the client.</summary>
public sealed class LoginRefusedException(FatalError error, Exception? inner = null) : Exception(error.Message, inner)
{
    public FatalError Error { get; } = error;
}
