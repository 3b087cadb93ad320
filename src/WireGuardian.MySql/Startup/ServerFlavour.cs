namespace WireGuardian.MySql.Startup;

/// <summary>Whose server it is: both speak the protocol, not the same SQL.</summary>
public enum ServerFlavour
{
    MySql,
    MariaDb,
}
