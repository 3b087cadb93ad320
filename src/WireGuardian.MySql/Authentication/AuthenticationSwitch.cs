using System.Text;
using WireGuardian.MySql.Packets;

namespace WireGuardian.MySql.Authentication;

/// <summary>The server's request to go on with another plugin, AuthSwitchRequest.</summary>
public static class AuthenticationSwitch
{
    private const int ScrambleLength = 20;

    /// <summary>False where it is none, or the one of before 4.1 that names no plugin.</summary>
    /// <param name="payload">Starts with FE.</param>
    /// <param name="plugin">The plugin's name.</param>
    /// <param name="nonce">What the plugin goes on with; of scrambles, the NUL after them is left out.</param>
    public static bool TryParse(ReadOnlySpan<byte> payload, out string plugin, out byte[] nonce)
    {
        (plugin, nonce) = ("", []);
        var reader = new PayloadReader(payload);
        if (!reader.TryReadByte(out var marker) || marker != PacketMarkers.AuthenticationSwitch || !reader.TryReadNulTerminated(out var name))
            return false;
        plugin = Encoding.Latin1.GetString(name);
        var data = reader.ReadToEnd();
        nonce = data.Length == ScrambleLength + 1 && data[^1] == 0 ? data[..ScrambleLength].ToArray() : data.ToArray();
        return name.Length > 0;
    }
}
