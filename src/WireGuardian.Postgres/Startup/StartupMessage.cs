using System.Text;
using WireGuardian.Postgres.Framing;

namespace WireGuardian.Postgres.Startup;

/// <summary>StartupMessage of protocol 3: who wants to log in, to what, with which settings.</summary>
public sealed class StartupMessage
{
    /// <summary>Bytes of a name in the server (NAMEDATALEN), its NUL included.</summary>
    private const int NameLength = 64;

    private const string OptionPrefix = "_pq_.";

    private StartupMessage(StartupPacket packet, IReadOnlyList<StartupParameter> parameters)
    {
        Packet = packet;
        Parameters = parameters;
        User = Clip(Last("user") ?? "");
        Database = Last("database") is { Length: > 0 } database ? Clip(database) : User;
    }

    /// <summary>The packet as the client sent it.</summary>
    public StartupPacket Packet { get; }

    public int ProtocolMajor => Packet.Code >> 16;

    public int ProtocolMinor => Packet.Code & 0xFFFF;

    /// <summary>In the client's order, duplicates and all.</summary>
    public IReadOnlyList<StartupParameter> Parameters { get; }

    /// <summary>
    /// The login. Cut to the length of a name as servers before 17 do: later ones do not cut and know no role with a longer name, so no login gets
    /// by under another name than its role's.
    /// </summary>
    public string User { get; }

    /// <summary>The database, which is called like the user unless named.</summary>
    public string Database { get; }

    public string? ApplicationName => Last("application_name");

    /// <summary>True when the client asks for a replication connection.</summary>
    public bool IsReplication => Last("replication") is { } value && value.ToUpperInvariant() is not ("FALSE" or "OFF" or "NO" or "0" or "F" or "N" or "OF");

    /// <summary>The protocol extensions that the client asks for: parameters beginning with <c>_pq_.</c>.</summary>
    public IEnumerable<string> ProtocolOptions =>
        Parameters.Select(parameter => parameter.Name).Where(name => name.StartsWith(OptionPrefix, StringComparison.Ordinal)).Distinct();

    /// <summary>The value that counts for the server: the last one given.</summary>
    public string? Last(string name)
    {
        for (var i = Parameters.Count - 1; i >= 0; i--)
        {
            if (Parameters[i].Name == name)
                return Parameters[i].Value;
        }
        return null;
    }

    /// <summary>Reads names and values up to the empty name, which must be the packet's last byte.</summary>
    public static bool TryParse(StartupPacket packet, out StartupMessage message)
    {
        var parameters = new List<StartupParameter>();
        var reader = new BodyReader(packet.Body);
        while (reader.TryReadString(out var name))
        {
            if (name.IsEmpty || !reader.TryReadString(out var value))
            {
                message = new StartupMessage(packet, parameters);
                return name.IsEmpty && reader.AtEnd;
            }
            parameters.Add(new StartupParameter(Encoding.UTF8.GetString(name), Encoding.UTF8.GetString(value)));
        }
        message = new StartupMessage(packet, parameters);
        return false;
    }

    private static string Clip(string name)
    {
        if (Encoding.UTF8.GetByteCount(name) < NameLength)
            return name;
        var bytes = Encoding.UTF8.GetBytes(name);
        return Encoding.UTF8.GetString(bytes.AsSpan(0, NameLength - 1));
    }
}
