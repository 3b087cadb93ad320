using WireGuardian.MySql.Startup;

namespace WireGuardian.MySql.Authentication;

/// <summary>Who may log in, as far as the proxy itself decides it.</summary>
public interface ILoginAdmission
{
    /// <summary>Asked before the server is connected to; null lets the connection go on.</summary>
    FatalError? AdmitConnection();

    /// <summary>Asked before the server is told of the user; null lets the login go on.</summary>
    FatalError? AdmitUser(ClientIdentity identity);
}
