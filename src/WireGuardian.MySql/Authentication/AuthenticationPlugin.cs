namespace WireGuardian.MySql.Authentication;

/// <summary>The names of the authentication plugins whose exchange the proxy knows.</summary>
public static class AuthenticationPlugin
{
    public const string NativePassword = "mysql_native_password";
    public const string CachingSha2Password = "caching_sha2_password";
    public const string Sha256Password = "sha256_password";
    public const string Ed25519 = "client_ed25519";
    public const string Parsec = "parsec";
    public const string ClearPassword = "mysql_clear_password";

    /// <summary>What a client or a server means that names none.</summary>
    public const string Default = NativePassword;

    public static bool IsKnown(string plugin) =>
        plugin is NativePassword or CachingSha2Password or Sha256Password or Ed25519 or Parsec or ClearPassword;

    /// <summary>The client's first answer may be its password as it is, for TLS to hide.</summary>
    public static bool MaySendPasswordAtOnce(string plugin) => plugin is Sha256Password or ClearPassword;

    /// <summary>The byte that asks for the server's RSA key; 0 where the plugin has none.</summary>
    public static byte KeyRequest(string plugin) => plugin switch
    {
        Sha256Password => 1,
        CachingSha2Password => 2,
        _ => 0,
    };
}
