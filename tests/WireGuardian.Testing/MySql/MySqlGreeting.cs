using System.Buffers.Binary;
using System.Text;

namespace WireGuardian.Testing.MySql;

/// <summary>What a server says first, taken apart.</summary>
public sealed record MySqlGreeting(string Version, uint ConnectionId, uint Capabilities, uint MariaDbCapabilities, byte CharacterSet, ushort Status, byte[] Scramble, string Plugin)
{
    public static MySqlGreeting Parse(byte[] payload)
    {
        var end = Array.IndexOf(payload, (byte)0, 1);
        var rest = payload.AsSpan(end + 1);
        var capabilities = BinaryPrimitives.ReadUInt16LittleEndian(rest[13..]) | (uint)BinaryPrimitives.ReadUInt16LittleEndian(rest[18..]) << 16;
        return new(
            Encoding.ASCII.GetString(payload, 1, end - 1),
            BinaryPrimitives.ReadUInt32LittleEndian(rest),
            capabilities,
            BinaryPrimitives.ReadUInt32LittleEndian(rest[27..]),
            rest[15],
            BinaryPrimitives.ReadUInt16LittleEndian(rest[16..]),
            [.. rest[4..12], .. rest[31..43]],
            Encoding.ASCII.GetString(rest[44..]).TrimEnd('\0'));
    }

    /// <summary>A greeting for a server that a test plays.</summary>
    public byte[] ToPayload()
    {
        var numbers = new byte[8];
        BinaryPrimitives.WriteUInt32LittleEndian(numbers, ConnectionId);
        BinaryPrimitives.WriteUInt32LittleEndian(numbers.AsSpan(4), MariaDbCapabilities);
        return
        [
            10, .. Encoding.ASCII.GetBytes(Version), 0, .. numbers[..4], .. Scramble[..8], 0,
            (byte)Capabilities, (byte)(Capabilities >> 8), CharacterSet, (byte)Status, (byte)(Status >> 8),
            (byte)(Capabilities >> 16), (byte)(Capabilities >> 24), 21, 0, 0, 0, 0, 0, 0, .. numbers[4..], .. Scramble[8..], 0,
            .. Encoding.ASCII.GetBytes(Plugin), 0,
        ];
    }
}
