using System.Buffers.Binary;
using System.Text;
using WireGuardian.Core.Statements;

namespace WireGuardian.Core.Audit;

/// <summary>
/// The canonical bytes of a record: what is hashed, and what is stored. All integers big-endian:
/// <code>
/// version    byte, 1 to 3
/// time       int64, UTC ticks of 100 ns since 0001-01-01
/// event, requestId, principal, client, operator, listener, database, statement
///            each int32 length in bytes, then UTF-8
/// kinds      int32, the flags of StatementKinds
/// decision, rule, digest, detail
///            as above
/// count      int64
/// channel, policyVersion, person
///            as above; since version 2
/// method     as above; since version 3
/// </code>
/// Every field carries its length, so no two records share their bytes. A later version gets another first byte; old ones stay readable, and are
/// written as what they were.
/// </summary>
public static class AuditRecordFormat
{
    /// <summary>The version in which records are made.</summary>
    public const byte Version = 3;

    private const byte First = 1;
    private const byte Second = 2;
    private const int FixedBytes = 1 + 8 + 4 + 8;
    private const int Strings = 12;
    private const int LaterStrings = 3;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>How many bytes <see cref="Write"/> needs.</summary>
    public static int SizeOf(AuditRecord record) =>
        FixedBytes + (4 * Strings) +
        CanonicalBytes.Size(record.Event) + CanonicalBytes.Size(record.RequestId) + CanonicalBytes.Size(record.Principal) + CanonicalBytes.Size(record.Client) + CanonicalBytes.Size(record.Operator) +
        CanonicalBytes.Size(record.Listener) + CanonicalBytes.Size(record.Database) + CanonicalBytes.Size(record.Statement) + CanonicalBytes.Size(record.Decision) + CanonicalBytes.Size(record.Rule) +
        CanonicalBytes.Size(record.Digest) + CanonicalBytes.Size(record.Detail) +
        (record.FormatVersion == First ? 0 : (4 * LaterStrings) + CanonicalBytes.Size(record.Channel) + CanonicalBytes.Size(record.PolicyVersion) + CanonicalBytes.Size(record.Person)) +
        (record.FormatVersion <= Second ? 0 : 4 + CanonicalBytes.Size(record.Method));

    /// <summary>
    /// Writes the canonical bytes to the start of <paramref name="destination"/> and returns how many they are. Throws <see cref="FormatException"/>
    /// for a version that this program does not know, and for a record that its version cannot hold: a field that is not hashed could say anything.
    /// </summary>
    public static int Write(AuditRecord record, Span<byte> destination)
    {
        if (record.FormatVersion is < First or > Version)
            throw Unknown(record.FormatVersion);
        if (record.FormatVersion == First && (record.Channel.Length | record.PolicyVersion.Length | record.Person.Length) != 0)
            throw new FormatException("An audit record of version 1 has no channel, policy version or person.");
        if (record.FormatVersion <= Second && record.Method.Length != 0)
            throw new FormatException("An audit record before version 3 has no method.");
        var position = 0;
        destination[position++] = record.FormatVersion;
        CanonicalBytes.PutInt64(destination, ref position, record.Time.UtcTicks);
        CanonicalBytes.PutString(destination, ref position, record.Event);
        CanonicalBytes.PutString(destination, ref position, record.RequestId);
        CanonicalBytes.PutString(destination, ref position, record.Principal);
        CanonicalBytes.PutString(destination, ref position, record.Client);
        CanonicalBytes.PutString(destination, ref position, record.Operator);
        CanonicalBytes.PutString(destination, ref position, record.Listener);
        CanonicalBytes.PutString(destination, ref position, record.Database);
        CanonicalBytes.PutString(destination, ref position, record.Statement);
        CanonicalBytes.PutInt32(destination, ref position, (int)record.Kinds);
        CanonicalBytes.PutString(destination, ref position, record.Decision);
        CanonicalBytes.PutString(destination, ref position, record.Rule);
        CanonicalBytes.PutString(destination, ref position, record.Digest);
        CanonicalBytes.PutString(destination, ref position, record.Detail);
        CanonicalBytes.PutInt64(destination, ref position, record.Count);
        if (record.FormatVersion == First)
            return position;
        CanonicalBytes.PutString(destination, ref position, record.Channel);
        CanonicalBytes.PutString(destination, ref position, record.PolicyVersion);
        CanonicalBytes.PutString(destination, ref position, record.Person);
        if (record.FormatVersion == Second)
            return position;
        CanonicalBytes.PutString(destination, ref position, record.Method);
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
        var version = Take(bytes, ref position, 1)[0];
        if (version is < First or > Version)
            throw Unknown(version);
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
            Channel = version == First ? "" : GetString(bytes, ref position),
            PolicyVersion = version == First ? "" : GetString(bytes, ref position),
            Person = version == First ? "" : GetString(bytes, ref position),
            Method = version <= Second ? "" : GetString(bytes, ref position),
            FormatVersion = version,
        };
        return position == bytes.Length ? record : throw new FormatException("An audit record has bytes after its last field.");
    }

    /// <summary>
    /// The two fields by which records are found, without reading the others. Throws <see cref="FormatException"/> where these cannot be read.
    /// </summary>
    public static (long UtcTicks, string RequestId) ReadIndexed(ReadOnlySpan<byte> bytes)
    {
        var position = 1;
        var ticks = GetInt64(bytes, ref position);
        Take(bytes, ref position, GetInt32(bytes, ref position));
        return (ticks, GetString(bytes, ref position));
    }

    private static FormatException Unknown(byte version) =>
        new($"An audit record of version {version}; this program knows versions {First} to {Version}.");

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
