using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using WireGuardian.MySql.Framing;
using WireGuardian.MySql.Packets;

namespace WireGuardian.MySql.Tests.Relay;

/// <summary>Packets as a server sends them, and commands as a client does.</summary>
internal static class ServerPacket
{
    /// <summary>A payload with its header.</summary>
    public static byte[] Framed(byte[] payload, int sequence)
    {
        var output = new ArrayBufferWriter<byte>();
        output.WritePacket(payload, (byte)sequence);
        return output.WrittenSpan.ToArray();
    }

    public static byte[] Query(string sql) => Send(Command.Query, Encoding.UTF8.GetBytes(sql));

    public static byte[] Send(Command command, params byte[] rest) => Framed([(byte)command, .. rest], 0);

    public static byte[] Statement(Command command, uint id, params byte[] rest) => Send(command, [.. BitConverter.GetBytes(id), .. rest]);

    public static byte[] Ok(int sequence, StatusFlags status = StatusFlags.AutoCommit) => Framed([0, 0, 0, (byte)status, (byte)((int)status >> 8), 0, 0], sequence);

    public static byte[] Eof(int sequence, StatusFlags status = StatusFlags.AutoCommit) => Framed([0xFE, 0, 0, (byte)status, (byte)((int)status >> 8)], sequence);

    /// <summary>The OK packet that takes EOF's place.</summary>
    public static byte[] End(int sequence, StatusFlags status = StatusFlags.AutoCommit) => Framed([0xFE, 0, 0, (byte)status, (byte)((int)status >> 8), 0, 0], sequence);

    public static byte[] Error(int sequence, ushort code, string message) =>
        Framed([0xFF, (byte)code, (byte)(code >> 8), .. "#HY000"u8, .. Encoding.UTF8.GetBytes(message)], sequence);

    public static byte[] Count(int sequence, int columns) => Framed([(byte)columns], sequence);

    public static byte[] Column(int sequence, string table, string name, ColumnType type = ColumnType.VarString, ushort characterSet = 45, uint length = 400)
    {
        var payload = new ArrayBufferWriter<byte>();
        foreach (var text in new[] { "def", table.Length > 0 ? "shop" : "", table, table, name, table.Length > 0 ? name : "" })
            payload.WriteLengthEncodedBytes(Encoding.UTF8.GetBytes(text));
        payload.WriteByte(12);
        payload.WriteUInt16(characterSet);
        payload.WriteUInt32(length);
        payload.WriteByte((byte)type);
        payload.WriteUInt16(0);
        payload.WriteByte(0);
        payload.WriteUInt16(0);
        return Framed(payload.WrittenSpan.ToArray(), sequence);
    }

    public static byte[] TextRow(int sequence, params string?[] values)
    {
        var payload = new ArrayBufferWriter<byte>();
        foreach (var value in values)
        {
            if (value is null)
                payload.WriteByte(LengthEncodedInteger.Null);
            else
                payload.WriteLengthEncodedBytes(Encoding.UTF8.GetBytes(value));
        }
        return Framed(payload.WrittenSpan.ToArray(), sequence);
    }

    /// <summary>A row of the binary protocol: values as they lie there, with their lengths; null for NULL.</summary>
    public static byte[] BinaryRow(int sequence, params byte[]?[] values)
    {
        var bitmap = new byte[BinaryValues.BitmapSize(values.Length)];
        for (var index = 0; index < values.Length; index++)
        {
            if (values[index] is null)
                BinaryValues.SetNull(bitmap, index);
        }
        return Framed([0, .. bitmap, .. values.SelectMany(value => value ?? [])], sequence);
    }

    public static byte[] Text(string value) => [(byte)value.Length, .. Encoding.UTF8.GetBytes(value)];

    public static byte[] Prepared(int sequence, uint id, int columns, int parameters)
    {
        var payload = new byte[12];
        BinaryPrimitives.WriteUInt32LittleEndian(payload.AsSpan(1), id);
        BinaryPrimitives.WriteUInt16LittleEndian(payload.AsSpan(5), (ushort)columns);
        BinaryPrimitives.WriteUInt16LittleEndian(payload.AsSpan(7), (ushort)parameters);
        return Framed(payload, sequence);
    }

    /// <summary>Payloads with their sequence numbers, joined where a packet is continued.</summary>
    public static IReadOnlyList<(byte Sequence, byte[] Payload)> Read(byte[] stream)
    {
        var packets = new List<(byte, byte[])>();
        for (var at = 0; PacketHeader.TryRead(stream.AsSpan(at), out var header); at += header.TotalLength)
            packets.Add((header.Sequence, stream[(at + PacketHeader.Size)..(at + header.TotalLength)]));
        return packets;
    }

    /// <summary>The values of a text row.</summary>
    public static IReadOnlyList<string?> Values(byte[] row)
    {
        var values = new List<string?>();
        var reader = new PayloadReader(row);
        while (!reader.AtEnd)
        {
            if (!reader.TryReadLengthEncodedBytesOrNull(out var value, out var isNull))
                throw new FormatException("no text row");
            values.Add(isNull ? null : Encoding.UTF8.GetString(value));
        }
        return values;
    }
}
