namespace WireGuardian.MySql.Authentication;

/// <summary>Who sends the next packet of an authentication.</summary>
public enum Speaker
{
    Client,
    Server,

    /// <summary>Nobody: the server has said OK.</summary>
    LoggedIn,

    /// <summary>Nobody: the server has said no.</summary>
    LoggedOut,
}
