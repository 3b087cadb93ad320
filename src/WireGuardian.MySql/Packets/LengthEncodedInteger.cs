using System.Buffers.Binary;

namespace WireGuardian.MySql.Packets;

/// <summary>
/// An integer of 1, 3, 4 or 9 bytes: below 251 it stands for itself, otherwise its first byte says how many follow. 0xFB is NULL in a text
/// row, 0xFF starts an ERR packet: neither is an integer.
/// </summary>
public static class LengthEncodedInteger
{
    /// <summary>The first byte of a NULL in a text row.</summary>
    public const byte Null = 0xFB;

    /// <summary>Most bytes of one.</summary>
    public const int LargestSize = 9;

    private const byte TwoBytes = 0xFC;
    private const byte ThreeBytes = 0xFD;
    private const byte EightBytes = 0xFE;

    /// <summary>Bytes of the shortest form of <paramref name="value"/>.</summary>
    public static int SizeOf(ulong value) => value switch
    {
        < Null => 1,
        <= 0xFFFF => 3,
        <= 0xFF_FFFF => 4,
        _ => 9,
    };

    /// <summary>Bytes that an integer has that starts with <paramref name="first"/>; 0 where none starts so.</summary>
    public static int SizeFrom(byte first) => first switch
    {
        < Null => 1,
        TwoBytes => 3,
        ThreeBytes => 4,
        EightBytes => 9,
        _ => 0,
    };

    /// <summary>False where no integer starts so, or too few bytes are there. A longer form than needed is taken, as servers take it.</summary>
    /// <param name="bytes">Starts with the integer.</param>
    /// <param name="value">The integer.</param>
    /// <param name="size">Bytes that it took.</param>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out ulong value, out int size)
    {
        value = 0;
        size = bytes.IsEmpty ? 0 : SizeFrom(bytes[0]);
        if (size == 0 || size > bytes.Length)
            return false;
        value = size switch
        {
            1 => bytes[0],
            3 => BinaryPrimitives.ReadUInt16LittleEndian(bytes[1..]),
            4 => bytes[1] | (uint)bytes[2] << 8 | (uint)bytes[3] << 16,
            _ => BinaryPrimitives.ReadUInt64LittleEndian(bytes[1..]),
        };
        return true;
    }

    /// <summary>Writes the shortest form; <paramref name="destination"/> must have room for it.</summary>
    /// <returns>Bytes written.</returns>
    public static int Write(Span<byte> destination, ulong value)
    {
        var size = SizeOf(value);
        switch (size)
        {
            case 1:
                destination[0] = (byte)value;
                break;
            case 3:
                BinaryPrimitives.WriteUInt16LittleEndian(destination[1..], (ushort)value);
                destination[0] = TwoBytes;
                break;
            case 4:
                destination[3] = (byte)(value >> 16);
                BinaryPrimitives.WriteUInt16LittleEndian(destination[1..], (ushort)value);
                destination[0] = ThreeBytes;
                break;
            default:
                BinaryPrimitives.WriteUInt64LittleEndian(destination[1..], value);
                destination[0] = EightBytes;
                break;
        }
        return size;
    }
}
