using System.Text;
using WireGuardian.Core.Masking;
using WireGuardian.Core.Masking.Documents;
using WireGuardian.Postgres.Catalog;
using WireGuardian.Postgres.Rewriting.Masks;

namespace WireGuardian.Postgres.Rewriting;

/// <summary>Finds the way of masking for a type, its format and a mask. The table in the documentation ("What a mask leaves") is its specification.</summary>
internal sealed class MaskFactory(PostgresType type, int typeModifier, bool binary, MaskKey key, bool utf8, bool isDerived)
{
    private const long MicrosecondsPerDay = 86_400_000_000;

    // The longest value that a text-like mask is asked about may have.
    private const int LongestFieldLength = int.MaxValue;

    // 1970-01-01 as days and as microseconds after 2000-01-01, big-endian.
    private static readonly byte[] EpochDays = [0xFF, 0xFF, 0xD5, 0x33];
    private static readonly byte[] EpochMicroseconds = [0xFF, 0xFC, 0xA2, 0xFE, 0xC4, 0xC8, 0x20, 0x00];

    private bool Padded => type.Oid == PostgresBuiltInTypes.Bpchar;

    public IValueMask Create(MaskKind kind) => kind switch
    {
        MaskKind.Null => NullMask.Instance,
        MaskKind.Partial => Partial(),
        MaskKind.Email when type.Shape == PostgresTypeShape.Text => AsciiUnlessUtf8(new EmailTextMask(Padded), StarsMask.Instance),
        MaskKind.Hash => Keyed(token: false),
        MaskKind.Token => Keyed(token: true),
        _ => Redact(),
    };

    /// <summary>How documents stand in values of the type; null where they do not, and in arrays, which hold any number of them.</summary>
    public DocumentForm? FormOf(bool isExtracted) => type.Shape switch
    {
        PostgresTypeShape.Json => DocumentForm.Json,
        PostgresTypeShape.Jsonb => binary ? DocumentForm.VersionedJson : DocumentForm.Json,
        PostgresTypeShape.Text => isExtracted ? DocumentForm.ExtractedText : DocumentForm.Text,
        _ => null,
    };

    /// <summary>Masks documents in places; a value of a type that holds none is redacted as a whole.</summary>
    public IValueMask Create(JsonPlaces places, bool isExtracted) => FormOf(isExtracted) switch
    {
        { } form => AsciiUnlessUtf8(new DocumentMask(places, form, key), type.Shape == PostgresTypeShape.Text ? StarsMask.Instance : NullMask.Instance),
        null when type is { Shape: PostgresTypeShape.Array, Element: { } element } && new MaskFactory(element, typeModifier, binary, key, utf8, isDerived) is var each && each.FormOf(isExtracted) is not null =>
            ArrayOf(each.Create(places, isExtracted)),
        _ => Redact(),
    };

    private IValueMask Redact() => type.Shape switch
    {
        PostgresTypeShape.Text => StarsMask.Instance,
        PostgresTypeShape.Boolean => binary ? ConstantMask.Zero(1) : ConstantMask.Text("f"u8),
        PostgresTypeShape.Int2 => Zero(2),
        PostgresTypeShape.Int4 or PostgresTypeShape.Float4 or PostgresTypeShape.Oid => Zero(4),
        PostgresTypeShape.Int8 or PostgresTypeShape.Float8 => Zero(8),
        PostgresTypeShape.Numeric when binary =>
            new ConstantMask(new byte[BinaryNumeric.HeaderLength], BinaryNumeric.HeaderLength, LongestFieldLength),
        PostgresTypeShape.Numeric => ConstantMask.Text("0"u8),
        PostgresTypeShape.Date or PostgresTypeShape.Timestamp or PostgresTypeShape.TimestampTz when binary =>
            new ConstantMask(BinaryEpoch(), BinaryEpoch().Length, BinaryEpoch().Length),
        PostgresTypeShape.Date or PostgresTypeShape.Timestamp or PostgresTypeShape.TimestampTz => ConstantMask.Text(TextEpoch()),
        PostgresTypeShape.Time => binary ? ConstantMask.Zero(8) : ConstantMask.Text("00:00:00"u8),
        PostgresTypeShape.TimeTz => binary ? ConstantMask.Zero(12) : ConstantMask.Text("00:00:00+00"u8),
        PostgresTypeShape.Interval => binary ? ConstantMask.Zero(16) : IntervalTextMask.Instance,
        PostgresTypeShape.Uuid => binary ? ConstantMask.Zero(16) : ConstantMask.Text("00000000-0000-0000-0000-000000000000"u8),
        PostgresTypeShape.Inet => new InetMask(binary, cidr: false, key: null),
        PostgresTypeShape.Cidr => new InetMask(binary, cidr: true, key: null),
        PostgresTypeShape.MacAddr => RedactMacAddr(),
        PostgresTypeShape.Bytea => binary ? ByteaBinaryMask.Instance : ByteaTextMask.Instance,
        PostgresTypeShape.Json => AsciiUnlessUtf8(new JsonMask(version: false, keys: isDerived), NullMask.Instance),
        PostgresTypeShape.Jsonb => AsciiUnlessUtf8(new JsonMask(version: binary, keys: isDerived), NullMask.Instance),
        PostgresTypeShape.Enum => FirstLabel(),
        PostgresTypeShape.Array => Array(MaskKind.Redact),
        PostgresTypeShape.Money => binary ? ConstantMask.Zero(8) : MoneyTextMask.Instance,
        PostgresTypeShape.Bit => binary ? BitBinaryMask.Instance : BitTextMask.Instance,
        _ => NullMask.Instance,
    };

    private IValueMask Partial() => type.Shape switch
    {
        PostgresTypeShape.Text => AsciiUnlessUtf8(TailMask.Instance, StarsMask.Instance),
        PostgresTypeShape.Date when binary => new BinaryYearMask(EpochDays, unitsPerDay: 1),
        PostgresTypeShape.Timestamp or PostgresTypeShape.TimestampTz when binary =>
            new BinaryYearMask(EpochMicroseconds, MicrosecondsPerDay),
        PostgresTypeShape.Date or PostgresTypeShape.Timestamp or PostgresTypeShape.TimestampTz =>
            new TextYearMask(type.Shape, TextEpoch().ToArray()),
        _ => Redact(),
    };

    private IValueMask Keyed(bool token) => type.Shape switch
    {
        PostgresTypeShape.Text => new KeyedTextMask(key, token, LongestText(), Padded),
        PostgresTypeShape.Int2 or PostgresTypeShape.Int4 or PostgresTypeShape.Int8 or PostgresTypeShape.Numeric or PostgresTypeShape.Float4
            or PostgresTypeShape.Float8 or PostgresTypeShape.Oid =>
            new KeyedNumberMask(key, type.Shape, binary, KeyedNumberMask.Limit(type.Shape, typeModifier)),
        PostgresTypeShape.Uuid => new KeyedBytesMask(key, binary, (byte)'-', uuid: true),
        PostgresTypeShape.MacAddr => new KeyedBytesMask(key, binary, (byte)':', uuid: false),
        PostgresTypeShape.Inet => new InetMask(binary, cidr: false, key),
        PostgresTypeShape.Cidr => new InetMask(binary, cidr: true, key),
        PostgresTypeShape.Bytea => new KeyedByteaMask(key, binary),
        PostgresTypeShape.Json => AsciiUnlessUtf8(JsonMask.Keyed(version: false, key, token), NullMask.Instance),
        PostgresTypeShape.Jsonb => AsciiUnlessUtf8(JsonMask.Keyed(version: binary, key, token), NullMask.Instance),
        PostgresTypeShape.Array => Array(token ? MaskKind.Token : MaskKind.Hash),
        _ => Redact(),
    };

    private IValueMask Array(MaskKind kind)
    {
        // The elements of a type without a stand-in may be delimited otherwise (box), and nothing of them would be left anyway.
        if (type.Element is not { Shape: not (PostgresTypeShape.Other or PostgresTypeShape.Array) } elementType)
            return NullMask.Instance;
        // A client encoding may spell half a character like a brace or a quote, but its binary lengths are what they are.
        return ArrayOf(new MaskFactory(elementType, typeModifier, binary, key, utf8, isDerived).Create(kind));
    }

    private IValueMask ArrayOf(IValueMask element) => binary ? new ArrayBinaryMask(element) : AsciiUnlessUtf8(new ArrayTextMask(element), NullMask.Instance);

    private ConstantMask Zero(int length) => binary ? ConstantMask.Zero(length) : ConstantMask.Text("0"u8);

    private ConstantMask RedactMacAddr() => (binary, type.Oid == PostgresBuiltInTypes.MacAddr8) switch
    {
        (true, var eight) => ConstantMask.Zero(eight ? 8 : 6),
        (false, true) => ConstantMask.Text("00:00:00:00:00:00:00:00"u8),
        (false, false) => ConstantMask.Text("00:00:00:00:00:00"u8),
    };

    private IValueMask FirstLabel()
    {
        if (type.FirstLabel is not { } label || (!utf8 && !Ascii.IsValid(label)))
            return NullMask.Instance;
        return ConstantMask.Text(Encoding.UTF8.GetBytes(label));
    }

    private byte[] BinaryEpoch() => type.Shape == PostgresTypeShape.Date ? EpochDays : EpochMicroseconds;

    private ReadOnlySpan<byte> TextEpoch() => type.Shape switch
    {
        PostgresTypeShape.Date => "1970-01-01"u8,
        PostgresTypeShape.Timestamp => "1970-01-01 00:00:00"u8,
        _ => "1970-01-01 00:00:00+00"u8,
    };

    /// <summary>Characters that the type allows: of varchar(n) and char(n) the modifier says so, after its four.</summary>
    private int LongestText() => type.Oid switch
    {
        PostgresBuiltInTypes.Char => 1,
        PostgresBuiltInTypes.Name => 63,
        PostgresBuiltInTypes.Varchar or PostgresBuiltInTypes.Bpchar when typeModifier > 4 => typeModifier - 4,
        _ => int.MaxValue,
    };

    private IValueMask AsciiUnlessUtf8(IValueMask mask, IValueMask other) => utf8 ? mask : new AsciiOnlyMask(mask, other);
}
