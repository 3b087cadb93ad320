namespace WireGuardian.Sql.MySql;

/// <summary>Whose server it is: the two read some text differently.</summary>
public enum MySqlFlavour
{
    MySql,
    MariaDb,
}
