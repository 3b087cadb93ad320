using System.Text;
using WireGuardian.MySql.Packets;

namespace WireGuardian.MySql.Client;

/// <summary>The server refused. The message has its error number only, for the server's own words may quote values.</summary>
public sealed class ServerErrorException : Exception
{
    private ServerErrorException(ushort code, string sqlState, string serverMessage)
        : base($"the database server refused with error {code} (SQLSTATE {sqlState})")
    {
        (Code, SqlState, ServerMessage) = (code, sqlState, serverMessage);
    }

    public ushort Code { get; }

    public string SqlState { get; }

    /// <summary>What the server says; at login it names logins, hosts and databases, later perhaps values.</summary>
    public string ServerMessage { get; }

    /// <param name="payload">An ERR packet.</param>
    public static ServerErrorException Of(ReadOnlySpan<byte> payload)
    {
        if (!ErrPacket.TryParse(payload, out var error))
            return new(0, "HY000", "");
        return new(error.Code, error.SqlState.IsEmpty ? "HY000" : Encoding.ASCII.GetString(error.SqlState), Encoding.UTF8.GetString(error.Message));
    }
}
