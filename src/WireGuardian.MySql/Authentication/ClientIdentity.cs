using WireGuardian.MySql.Startup;

namespace WireGuardian.MySql.Authentication;

/// <summary>Who a client says it is. The server has yet to believe it.</summary>
/// <param name="User">Login name.</param>
/// <param name="Database">The default database; empty where none is chosen.</param>
/// <param name="Application">The connect attribute <c>program_name</c>; empty where there is none.</param>
public sealed record ClientIdentity(string User, string Database, string Application)
{
    /// <summary>Throws <see cref="LoginRefusedException"/> where the names, which decide who somebody is, cannot be read for certain.</summary>
    /// <param name="user">As it came.</param>
    /// <param name="database">As it came.</param>
    /// <param name="collation">That both are in.</param>
    /// <param name="attributes">What the client says of itself.</param>
    public static ClientIdentity Of(byte[] user, byte[] database, int collation, ConnectAttributes attributes)
    {
        if (!CollationText.TryDecode(user, collation, out var userName) || !CollationText.TryDecode(database, collation, out var databaseName))
        {
            throw new LoginRefusedException(FatalError.Malformed(
                "the user's or the database's name is not valid in the connection's character set, or that is not one that WireGuardian reads: use utf8mb4"));
        }
        return new ClientIdentity(userName, databaseName, attributes.ProgramName ?? "");
    }
}
