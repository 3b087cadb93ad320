namespace WireGuardian.Postgres.Authentication;

/// <summary>The names of the mechanisms.</summary>
internal static class ScramMechanism
{
    public const string Sha256 = "SCRAM-SHA-256";
    public const string Sha256Plus = "SCRAM-SHA-256-PLUS";
    public const string BindingType = "tls-server-end-point";

    public static bool IsScram(string mechanism) => mechanism is Sha256 or Sha256Plus;
}
