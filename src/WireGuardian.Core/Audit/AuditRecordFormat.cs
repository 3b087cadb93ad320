using System.Buffers.Binary;
using System.Text;
using WireGuardian.Core.Statements;

namespace WireGuardian.Core.Audit;

/// <summary>
/// The canonical bytes of a record: what is hashed, and what is stored. Version 1, all integers big-endian:
/// <code>
/// version    byte, 1
/// time       int64, UTC ticks of 100 ns since 0001-01-01
/// event, requestId, principal, client, operator, listener, database, statement
///            each int32 length in bytes, then UTF-8
/// kinds      int32, the flags of StatementKinds
/// decision, rule, digest, detail
///            as above
/// count      int64
/// </code>
/// Every field carries its length, so no two records share their bytes. A later version gets another first byte; old ones stay readable.
/// </summary>
public static class AuditRecordFormat
{
    /// <summary>The version that is written.</summary>
    public const byte Version = 1;

    private const int FixedBytes = 1 + 8 + 4 + 8;
    private const int Strings = 12;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    // Text that is not valid UTF-16 must still be recordable: a lone surrogate becomes the replacement character.
    private static readonly Encoding Writing = Encoding.UTF8;

    /// <summary>How many bytes <see cref="Write"/> needs.</summary>
    public static int SizeOf(AuditRecord record) =>
        FixedBytes + (4 * Strings) +
        Size(record.Event) + Size(record.RequestId) + Size(record.Principal) + Size(record.Client) + Size(record.Operator) +
        Size(record.Listener) + Size(record.Database) + Size(record.Statement) + Size(record.Decision) + Size(record.Rule) +
        Size(record.Digest) + Size(record.Detail);

    /// <summary>Writes the canonical bytes to the start of <paramref name="destination"/> and returns how many they are.</summary>
    public static int Write(AuditRecord record, Span<byte> destination)
    {
        var position = 0;
        destination[position++] = Version;
        PutInt64(destination, ref position, record.Time.UtcTicks);
        PutString(destination, ref position, record.Event);
        PutString(destination, ref position, record.RequestId);
        PutString(destination, ref position, record.Principal);
        PutString(destination, ref position, record.Client);
        PutString(destination, ref position, record.Operator);
        PutString(destination, ref position, record.Listener);
        PutString(destination, ref position, record.Database);
        PutString(destination, ref position, record.Statement);
        PutInt32(destination, ref position, (int)record.Kinds);
        PutString(destination, ref position, record.Decision);
        PutString(destination, ref position, record.Rule);
        PutString(destination, ref position, record.Digest);
        PutString(destination, ref position, record.Detail);
        PutInt64(destination, ref position, record.Count);
        return position;
    }

    /// <summary>The canonical bytes as an array of their own.</summary>
    public static byte[] ToBytes(AuditRecord record)
    {
        var bytes = new byte[SizeOf(record)];
        Write(record, bytes);
        return bytes;
    }

    /// <summary>Reads canonical bytes back. Any bytes give a record or a <see cref="FormatException"/>.</summary>
    public static AuditRecord Read(ReadOnlySpan<byte> bytes)
    {
        var position = 0;
        if (Take(bytes, ref position, 1)[0] != Version)
            throw new FormatException($"An audit record of version {bytes[0]}; this program reads version {Version}.");
        var ticks = GetInt64(bytes, ref position);
        if (ticks < DateTimeOffset.MinValue.UtcTicks || ticks > DateTimeOffset.MaxValue.UtcTicks)
            throw new FormatException("The time of an audit record is out of range.");
        var record = new AuditRecord
        {
            Time = new DateTimeOffset(ticks, TimeSpan.Zero),
            Event = GetString(bytes, ref position),
            RequestId = GetString(bytes, ref position),
            Principal = GetString(bytes, ref position),
            Client = GetString(bytes, ref position),
            Operator = GetString(bytes, ref position),
            Listener = GetString(bytes, ref position),
            Database = GetString(bytes, ref position),
            Statement = GetString(bytes, ref position),
            Kinds = (StatementKinds)GetInt32(bytes, ref position),
            Decision = GetString(bytes, ref position),
            Rule = GetString(bytes, ref position),
            Digest = GetString(bytes, ref position),
            Detail = GetString(bytes, ref position),
            Count = GetInt64(bytes, ref position),
        };
        return position == bytes.Length ? record : throw new FormatException("An audit record has bytes after its last field.");
    }

    private static int Size(string text) => Writing.GetByteCount(text);

    private static void PutInt32(Span<byte> destination, ref int position, int value)
    {
        BinaryPrimitives.WriteInt32BigEndian(destination[position..], value);
        position += 4;
    }

    private static void PutInt64(Span<byte> destination, ref int position, long value)
    {
        BinaryPrimitives.WriteInt64BigEndian(destination[position..], value);
        position += 8;
    }

    private static void PutString(Span<byte> destination, ref int position, string text)
    {
        var length = Writing.GetBytes(text, destination[(position + 4)..]);
        BinaryPrimitives.WriteInt32BigEndian(destination[position..], length);
        position += 4 + length;
    }

    private static int GetInt32(ReadOnlySpan<byte> bytes, ref int position) =>
        BinaryPrimitives.ReadInt32BigEndian(Take(bytes, ref position, 4));

    private static long GetInt64(ReadOnlySpan<byte> bytes, ref int position) =>
        BinaryPrimitives.ReadInt64BigEndian(Take(bytes, ref position, 8));

    private static string GetString(ReadOnlySpan<byte> bytes, ref int position)
    {
        var text = Take(bytes, ref position, GetInt32(bytes, ref position));
        try
        {
            return Utf8.GetString(text);
        }
        catch (DecoderFallbackException exception)
        {
            throw new FormatException("A text of an audit record is not UTF-8.", exception);
        }
    }

    private static ReadOnlySpan<byte> Take(ReadOnlySpan<byte> bytes, ref int position, int length)
    {
        if (length < 0 || length > bytes.Length - position)
            throw new FormatException("An audit record ends before its last field.");
        var part = bytes.Slice(position, length);
        position += length;
        return part;
    }
}
