namespace WireGuardian.MySql.Authentication;

/// <summary>Who a client says it is. The server has yet to believe it.</summary>
/// <param name="User">Login name.</param>
/// <param name="Database">The default database; empty where none is chosen.</param>
/// <param name="Application">The connect attribute <c>program_name</c>; empty where there is none.</param>
public sealed record ClientIdentity(string User, string Database, string Application);
