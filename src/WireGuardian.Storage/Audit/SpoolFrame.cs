using System.Buffers.Binary;
using System.Numerics;
using WireGuardian.Core.Audit;

namespace WireGuardian.Storage.Audit;

/// <summary>
/// A record as it stands in the spool and in the writer's queue, integers big-endian:
/// <code>
/// length     int32, of the record's canonical bytes
/// checksum   uint32, CRC-32C over number and canonical bytes
/// number     int64, the order in which records were accepted
/// record     the canonical bytes
/// </code>
/// </summary>
internal static class SpoolFrame
{
    public const int HeaderBytes = 16;

    /// <summary>A frame with room for its number.</summary>
    public static byte[] Create(AuditRecord record)
    {
        var length = AuditRecordFormat.SizeOf(record);
        var frame = new byte[HeaderBytes + length];
        AuditRecordFormat.Write(record, frame.AsSpan(HeaderBytes));
        BinaryPrimitives.WriteInt32BigEndian(frame, length);
        return frame;
    }

    public static void SetNumber(Span<byte> frame, long number)
    {
        BinaryPrimitives.WriteInt64BigEndian(frame[8..], number);
        BinaryPrimitives.WriteUInt32BigEndian(frame[4..], Checksum(frame[8..]));
    }

    /// <summary>The frame at the start of <paramref name="bytes"/>. False where there is none, or only a part of one: a write that never ended.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out long number, out int frameBytes)
    {
        number = 0;
        frameBytes = 0;
        if (bytes.Length < HeaderBytes)
            return false;
        var length = BinaryPrimitives.ReadInt32BigEndian(bytes);
        if (length <= 0 || length > bytes.Length - HeaderBytes)
            return false;
        frameBytes = HeaderBytes + length;
        number = BinaryPrimitives.ReadInt64BigEndian(bytes[8..]);
        return BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]) == Checksum(bytes[8..frameBytes]);
    }

    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var checksum = uint.MaxValue;
        for (; bytes.Length >= 8; bytes = bytes[8..])
            checksum = BitOperations.Crc32C(checksum, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (var value in bytes)
            checksum = BitOperations.Crc32C(checksum, value);
        return ~checksum;
    }
}
