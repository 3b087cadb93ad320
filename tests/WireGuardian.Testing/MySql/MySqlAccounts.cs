namespace WireGuardian.Testing.MySql;

/// <summary>The accounts that every test server has, from any host; all but root may do anything in databases named <c>test…</c>.</summary>
public static class MySqlAccounts
{
    public static readonly MySqlAccount Root = new("root", "super-secret", "");

    /// <summary>The server's own default plugin.</summary>
    public static readonly MySqlAccount App = new("app", "app-secret", "");

    public static readonly MySqlAccount Empty = new("nopassword", "", "");

    /// <summary>MariaDB only.</summary>
    public static readonly MySqlAccount Native = new("native", "native-secret", "mysql_native_password");

    /// <summary>MariaDB only.</summary>
    public static readonly MySqlAccount Ed25519 = new("ed", "ed-secret", "ed25519");

    /// <summary>MySQL only. The server keeps who logged in: a test of a full login takes an account of its own.</summary>
    public static readonly MySqlAccount Sha2 = new("sha2", "sha2-secret", "caching_sha2_password");

    /// <summary>MySQL only.</summary>
    public static readonly MySqlAccount Sha256 = new("sha256", "sha256-secret", "sha256_password");

    public static IReadOnlyList<MySqlAccount> Of(MySqlFlavour flavour) =>
        flavour == MySqlFlavour.MariaDb ? [App, Empty, Native, Ed25519] : [App, Empty, Sha2, Sha256];

    /// <summary>The statement that makes an account.</summary>
    public static string Create(MySqlAccount account, MySqlFlavour flavour)
    {
        if (account.Plugin.Length == 0)
            return $"CREATE USER '{account.User}'@'%' IDENTIFIED BY '{account.Password}'";
        return flavour == MySqlFlavour.MariaDb
            ? $"CREATE USER '{account.User}'@'%' IDENTIFIED VIA {account.Plugin} USING PASSWORD('{account.Password}')"
            : $"CREATE USER '{account.User}'@'%' IDENTIFIED WITH {account.Plugin} BY '{account.Password}'";
    }

    /// <summary>What a server runs when it starts for the first time, one statement a line.</summary>
    internal static IEnumerable<string> Preparation(MySqlFlavour flavour)
    {
        // MariaDB makes one without a password, which would be found first.
        yield return $"DROP USER IF EXISTS '{Root.User}'@'{MySqlServer.Host}'";
        yield return $"CREATE USER '{Root.User}'@'%' IDENTIFIED BY '{Root.Password}'";
        yield return $"GRANT ALL ON *.* TO '{Root.User}'@'%' WITH GRANT OPTION";
        foreach (var account in Of(flavour))
        {
            yield return Create(account, flavour);
            yield return $"GRANT ALL ON `test%`.* TO '{account.User}'@'%'";
        }
    }
}
