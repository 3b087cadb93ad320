using System.Buffers;
using System.Text;
using WireGuardian.MySql.Authentication;
using WireGuardian.MySql.Packets;
using WireGuardian.MySql.Startup;
using WireGuardian.MySql.Tests.Startup;
using WireGuardian.Testing.MySql;

namespace WireGuardian.MySql.Tests.Packets;

/// <summary>Every parser of packets, with a payload that uses all of its fields.</summary>
public static class ParserCases
{
    private const CapabilityFlags Tracking = CapabilityFlags.Protocol41 | CapabilityFlags.SessionTrack;
    private const CapabilityFlags Changing = CapabilityFlags.Protocol41 | CapabilityFlags.PluginAuthentication | CapabilityFlags.ConnectAttributes;

    private const uint Everything = MySqlCapabilities.Plain | MySqlCapabilities.ConnectWithDb | MySqlCapabilities.ConnectAttributes;

    private static readonly byte[] Attributes = [9, .. "\u0003_os"u8, .. "\u0004Unix"u8];

    public static IEnumerable<ParserCase> All =>
    [
        new("OK", [0, 1, 2, 0x03, 0, 4, 0, .. "info"u8], "00 1 2 3 4 info -", payload => Ok(payload, CapabilityFlags.Protocol41), TakesFrom: 7, TakesMore: true),
        new("OK with session state", [0, 1, 2, 0x03, 0x40, 4, 0, 4, .. "info"u8, 4, 1, 2, 1, .. "d"u8], "00 1 2 16387 4 info 01020164",
            payload => Ok(payload, Tracking), TakesFrom: 7, TakesMore: true),
        new("OK at the end of rows", [0xFE, 0, 0, 2, 0, 0, 0], "FE 0 0 2 0  -", payload => Ok(payload, Tracking)),
        new("ERR", [0xFF, 0x15, 4, .. "#28000no"u8], "1045 28000 no", Err, TakesFrom: 3, TakesMore: true),
        new("ERR without SQLSTATE", [0xFF, 0x10, 4, .. "Too many"u8], "1040  Too many", Err, TakesFrom: 3, TakesMore: true),
        new("EOF", [0xFE, 1, 0, 2, 0], "1 2", payload => EofPacket.TryParse(payload, out var packet) ? $"{packet.Warnings} {(int)packet.Status}" : null),
        new("session state", [0, 4, 1, .. "a"u8, 1, .. "b"u8, 9, 0, 1, 2, 1, .. "d"u8], "0=01610162 9= 1=0164", SessionState, TakesFrom: 0),
        new("AuthSwitchRequest", [0xFE, .. "plugin\0"u8, .. new byte[20].Select(_ => (byte)7), 0], "plugin 0707070707070707070707070707070707070707",
            payload => AuthenticationSwitch.TryParse(payload, out var plugin, out var nonce) ? $"{plugin} {Convert.ToHexString(nonce)}" : null,
            TakesFrom: 8, TakesMore: true),
        new("HandshakeV10", FakeServer.Greeting.ToPayload(), "9.7.0-test 4711 4294967295 45 2 ABCDEFGHIJKLMNOPQRST caching_sha2_password", GreetingText,
            TakesFrom: FakeServer.Greeting.ToPayload().Length - 22, TakesMore: true),
        new("HandshakeResponse41", MySqlMessage.Response(Everything, "u", [1, 2], "d", "p", characterSet: 8, attributes: ("program_name", "x")),
            $"{Everything} 8 u 0102 d p x", Response, TakesFrom: 37, TakesMore: true),
        new("HandshakeResponse41 with a short length", MySqlMessage.Response(MySqlCapabilities.Protocol41 | MySqlCapabilities.SecureConnection, "u", [1, 2]),
            $"{MySqlCapabilities.Protocol41 | MySqlCapabilities.SecureConnection} 45 u 0102   ", Response, TakesMore: true),
        new("COM_CHANGE_USER", [.. MySqlMessage.ChangeUser("u", [1, 2], "d", "p"), .. Attributes], "u 0102 d 45 p 035F6F7304556E6978", ChangeUserText,
            TakesFrom: 8, TakesMore: true),
    ];

    internal static string? Ok(byte[] payload, CapabilityFlags capabilities)
    {
        if (!OkPacket.TryParse(payload, capabilities, out var packet))
            return null;
        var state = packet.SessionState.IsEmpty ? "-" : Convert.ToHexString(packet.SessionState);
        return $"{packet.Marker:X2} {packet.AffectedRows} {packet.LastInsertId} {(int)packet.Status} {packet.Warnings} {Encoding.UTF8.GetString(packet.Info)} {state}";
    }

    private static string? Err(byte[] payload) => ErrPacket.TryParse(payload, out var packet)
        ? $"{packet.Code} {Encoding.UTF8.GetString(packet.SqlState)} {Encoding.UTF8.GetString(packet.Message)}"
        : null;

    private static string? SessionState(byte[] payload)
    {
        var changes = new SessionStateReader(payload);
        var text = new List<string>();
        while (changes.MoveNext())
            text.Add($"{(int)changes.Type}={Convert.ToHexString(changes.Data)}");
        return changes.IsBroken ? null : string.Join(' ', text);
    }

    private static string? GreetingText(byte[] payload) => Greeting.TryParse(payload, out var greeting)
        ? $"{greeting.Version.Text} {greeting.ConnectionId} {(ulong)greeting.Capabilities} {greeting.CharacterSet} {(int)greeting.Status} {Encoding.ASCII.GetString(greeting.Scramble)} {greeting.Plugin}"
        : null;

    private static string? Response(byte[] payload)
    {
        if (!HandshakeResponse.TryParse(payload, out var response))
            return null;
        var written = new ArrayBufferWriter<byte>();
        response.Write(written);
        Assert.That(HandshakeResponse.TryParse(written.WrittenSpan, out _), "what was read can be written");
        return $"{(ulong)response.Capabilities} {response.CharacterSet} {Text(response.User)} {Convert.ToHexString(response.AuthenticationResponse)} "
            + $"{Text(response.Database)} {Text(response.Plugin)} {response.Attributes.ProgramName}";
    }

    private static string? ChangeUserText(byte[] payload)
    {
        if (!ChangeUser.TryParse(payload, Changing, out var request))
            return null;
        var written = new ArrayBufferWriter<byte>();
        request.Write(written, Changing);
        Assert.That(ChangeUser.TryParse(written.WrittenSpan, Changing, out _), "what was read can be written");
        return $"{Text(request.User)} {Convert.ToHexString(request.AuthenticationResponse)} {Text(request.Database)} {request.CharacterSet} "
            + $"{Text(request.Plugin)} {Convert.ToHexString(request.Attributes.Raw)}";
    }

    private static string Text(byte[] bytes) => Encoding.UTF8.GetString(bytes);
}
