namespace WireGuardian.Postgres.Authentication;

/// <summary>The names of the mechanisms.</summary>
internal static class ScramMechanism
{
    public const string Sha256 = "SCRAM-SHA-256";
    public const string Sha256Plus = "SCRAM-SHA-256-PLUS";
    public const string BindingType = "tls-server-end-point";
}
