namespace WireGuardian.Postgres.Startup;

/// <summary>The SQLSTATE codes that the proxy sends before the relay.</summary>
public static class SqlStates
{
    public const string FeatureNotSupported = "0A000";
    public const string CannotConnect = "08001";
    public const string ConnectionFailure = "08006";
    public const string ProtocolViolation = "08P01";
    public const string InvalidAuthorization = "28000";
    public const string InvalidPassword = "28P01";
    public const string QueryCanceled = "57014";
}
