using System.Buffers;
using System.Buffers.Binary;

namespace WireGuardian.MySql.Packets;

/// <summary>The protocol's basic types, written to the end of a payload.</summary>
public static class PayloadWriter
{
    public static void WriteByte(this IBufferWriter<byte> output, byte value)
    {
        output.GetSpan(1)[0] = value;
        output.Advance(1);
    }

    public static void WriteUInt16(this IBufferWriter<byte> output, ushort value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(output.GetSpan(sizeof(ushort)), value);
        output.Advance(sizeof(ushort));
    }

    public static void WriteUInt32(this IBufferWriter<byte> output, uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(output.GetSpan(sizeof(uint)), value);
        output.Advance(sizeof(uint));
    }

    public static void WriteUInt64(this IBufferWriter<byte> output, ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(output.GetSpan(sizeof(ulong)), value);
        output.Advance(sizeof(ulong));
    }

    public static void WriteLengthEncodedInteger(this IBufferWriter<byte> output, ulong value) =>
        output.Advance(LengthEncodedInteger.Write(output.GetSpan(LengthEncodedInteger.LargestSize), value));

    public static void WriteLengthEncodedBytes(this IBufferWriter<byte> output, ReadOnlySpan<byte> value)
    {
        output.WriteLengthEncodedInteger((ulong)value.Length);
        output.Write(value);
    }

    /// <param name="output">The payload.</param>
    /// <param name="value">Must not hold a NUL.</param>
    public static void WriteNulTerminated(this IBufferWriter<byte> output, ReadOnlySpan<byte> value)
    {
        output.Write(value);
        output.WriteByte(0);
    }

    public static void WriteZeros(this IBufferWriter<byte> output, int count)
    {
        output.GetSpan(count)[..count].Clear();
        output.Advance(count);
    }
}
