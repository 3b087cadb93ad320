using System.Buffers.Binary;
using System.Text;

namespace WireGuardian.Testing.MySql;

/// <summary>Payloads that clients send.</summary>
public static class MySqlMessage
{
    /// <summary>The first 32 bytes of a response, which alone ask for TLS.</summary>
    public static byte[] TlsRequest(uint capabilities, uint mariaDbCapabilities = 0, byte characterSet = 45)
    {
        var payload = new byte[32];
        BinaryPrimitives.WriteUInt32LittleEndian(payload, capabilities);
        BinaryPrimitives.WriteUInt32LittleEndian(payload.AsSpan(4), 1 << 24);
        payload[8] = characterSet;
        BinaryPrimitives.WriteUInt32LittleEndian(payload.AsSpan(28), mariaDbCapabilities);
        return payload;
    }

    /// <summary>HandshakeResponse41; what the capabilities leave out is left out.</summary>
    public static byte[] Response(
        uint capabilities, string user, byte[] authentication, string database = "", string plugin = "mysql_native_password",
        uint mariaDbCapabilities = 0, byte characterSet = 45, params (string Name, string Value)[] attributes)
    {
        byte[] pairs = [.. attributes.SelectMany(pair => (byte[])[.. LengthEncoded(pair.Name), .. LengthEncoded(pair.Value)])];
        return
        [
            .. TlsRequest(capabilities, mariaDbCapabilities, characterSet),
            .. Encoding.UTF8.GetBytes(user), 0,
            .. (capabilities & MySqlCapabilities.LengthEncodedAuth) != 0 ? LengthEncoded(authentication) : [(byte)authentication.Length, .. authentication],
            .. (capabilities & MySqlCapabilities.ConnectWithDb) != 0 ? (byte[])[.. Encoding.UTF8.GetBytes(database), 0] : [],
            .. (capabilities & MySqlCapabilities.PluginAuth) != 0 ? (byte[])[.. Encoding.ASCII.GetBytes(plugin), 0] : [],
            .. (capabilities & MySqlCapabilities.ConnectAttributes) != 0 ? LengthEncoded(pairs) : [],
        ];
    }

    /// <summary>COM_CHANGE_USER.</summary>
    public static byte[] ChangeUser(string user, byte[] authentication, string database = "", string plugin = "mysql_native_password") =>
        [0x11, .. Encoding.UTF8.GetBytes(user), 0, (byte)authentication.Length, .. authentication, .. Encoding.UTF8.GetBytes(database), 0, 45, 0,
            .. Encoding.ASCII.GetBytes(plugin), 0];

    /// <summary>COM_QUERY, for a connection without query attributes.</summary>
    public static byte[] Query(string sql) => [3, .. Encoding.UTF8.GetBytes(sql)];

    /// <summary>A payload of any length as its packets.</summary>
    public static byte[] Framed(byte[] payload, byte sequence = 0)
    {
        const int Largest = 0xFF_FFFF;
        using var framed = new MemoryStream();
        for (var start = 0; ; start += Largest)
        {
            var length = Math.Min(Largest, payload.Length - start);
            framed.Write([(byte)length, (byte)(length >> 8), (byte)(length >> 16), sequence++]);
            framed.Write(payload, start, length);
            if (length < Largest)
                return framed.ToArray();
        }
    }

    public static byte[] Ok(ushort status = 2) => [0, 0, 0, (byte)status, (byte)(status >> 8), 0, 0];

    public static byte[] Error(ushort code, string sqlState, string message) =>
        [0xFF, (byte)code, (byte)(code >> 8), .. sqlState.Length > 0 ? Encoding.ASCII.GetBytes("#" + sqlState) : [], .. Encoding.UTF8.GetBytes(message)];

    public static byte[] LengthEncoded(string value) => LengthEncoded(Encoding.UTF8.GetBytes(value));

    public static byte[] LengthEncoded(byte[] value) => value.Length < 251
        ? [(byte)value.Length, .. value]
        : [0xFC, (byte)value.Length, (byte)(value.Length >> 8), .. value];
}
