namespace WireGuardian.Testing.MySql;

/// <summary>The servers that the tests run against.</summary>
public enum MySqlFlavour
{
    /// <summary>MariaDB 10.11, Debian's package.</summary>
    MariaDb,

    /// <summary>Oracle's MySQL 9.7, which <c>tests/mysql-server.sh</c> downloads. Where it cannot be had, tests that ask for it are skipped with the reason.</summary>
    MySql,
}
