using System.Text;
using WireGuardian.Core.Masking;
using WireGuardian.Core.Masking.Documents;
using WireGuardian.MySql.Framing;

namespace WireGuardian.MySql.Rewriting;

/// <summary>Finds the way of masking for a column, its protocol and a mask. The table in the documentation ("What a mask leaves") is its specification.</summary>
internal sealed class MaskFactory(ColumnShape column, DeclaredType? declared, bool binary, MaskKey key, bool isDerived)
{
    /// <summary>POINT(0 0): reference system 0, little-endian, type 1, two coordinates.</summary>
    private static readonly byte[] Origin = [0, 0, 0, 0, 1, 1, 0, 0, 0, .. new byte[16]];

    private readonly ValueShape _shape = ValueShapes.Of(column, declared);
    private readonly bool _utf8 = CharacterSets.IsUtf8(column.CharacterSet);

    public ValueShape Shape => _shape;

    public IValueMask Create(MaskKind kind) => kind switch
    {
        MaskKind.Null => NullMask.Instance,
        MaskKind.Partial => Partial(),
        MaskKind.Email when _shape == ValueShape.Text => AsciiUnlessUtf8(new EmailTextMask(padded: false), StarsMask.Instance),
        MaskKind.Hash => Keyed(token: false),
        MaskKind.Token => Keyed(token: true),
        _ => Redact(),
    };

    /// <summary>How documents stand in values of the column; null where they do not.</summary>
    public DocumentForm? FormOf() => _shape switch
    {
        ValueShape.Json => DocumentForm.Json,
        ValueShape.Text => DocumentForm.Text,
        _ => null,
    };

    /// <summary>Masks documents in places.</summary>
    public IValueMask Create(JsonPlaces places, DocumentForm form) =>
        AsciiUnlessUtf8(new DocumentMask(places, form, key), form == DocumentForm.Text ? StarsMask.Instance : NullMask.Instance);

    private IValueMask Redact() => _shape switch
    {
        ValueShape.Text => StarsMask.Instance,
        ValueShape.Bytes or ValueShape.Bit => ZeroBytesMask.Instance,
        ValueShape.Integer or ValueShape.Float or ValueShape.Double when binary => ConstantMask.Zero(BinaryValues.FixedSize(column.Type)),
        ValueShape.Integer or ValueShape.Float or ValueShape.Double or ValueShape.Decimal => ConstantMask.Text("0"u8),
        ValueShape.Year => binary ? new ConstantMask(BinaryEpoch.Year.ToArray(), sizeof(ushort), sizeof(ushort)) : ConstantMask.Text("1970"u8),
        ValueShape.Date or ValueShape.DateTime => binary ? ConstantMask.Text(BinaryEpoch.Date) : ConstantMask.Text(TextEpoch()),
        // No bytes at all are midnight.
        ValueShape.Time => binary ? ConstantMask.Text([]) : ConstantMask.Text(TimeTexts.WithFraction("00:00:00"u8, column.Decimals)),
        ValueShape.Json => AsciiUnlessUtf8(new JsonMask(version: false, keys: isDerived), NullMask.Instance),
        ValueShape.Geometry => ConstantMask.Text(Origin),
        ValueShape.Enum => ConstantMask.Text(FirstLabel()),
        ValueShape.Set => ConstantMask.Text([]),
        ValueShape.Uuid => ConstantMask.Text("00000000-0000-0000-0000-000000000000"u8),
        ValueShape.Inet4 => ConstantMask.Text("0.0.0.0"u8),
        ValueShape.Inet6 => ConstantMask.Text("::"u8),
        _ => NullMask.Instance,
    };

    private IValueMask Partial() => _shape switch
    {
        ValueShape.Text => AsciiUnlessUtf8(TailMask.Instance, StarsMask.Instance),
        ValueShape.Year => UnchangedMask.Instance,
        ValueShape.Date or ValueShape.DateTime => binary ? YearBinaryMask.Instance : new YearTextMask(TextEpoch()),
        _ => Redact(),
    };

    private IValueMask Keyed(bool token) => _shape switch
    {
        ValueShape.Text => new KeyedTextMask(key, token, LongestText(), padded: false),
        ValueShape.Bytes => new KeyedBinaryMask(key, column.Length),
        ValueShape.Integer or ValueShape.Float or ValueShape.Double or ValueShape.Decimal => new KeyedNumberMask(key, column, binary),
        ValueShape.Json => AsciiUnlessUtf8(JsonMask.Keyed(version: false, key, token), NullMask.Instance),
        ValueShape.Uuid => new KeyedBytesMask(key, binary: false, (byte)'-', uuid: true),
        _ => Redact(),
    };

    private byte[] TextEpoch() =>
        _shape == ValueShape.Date ? "1970-01-01"u8.ToArray() : TimeTexts.WithFraction("1970-01-01 00:00:00"u8, column.Decimals);

    /// <summary>An enum's value can always be the empty text, which stands for what was no label.</summary>
    private byte[] FirstLabel()
    {
        var label = declared?.FirstLabel ?? "";
        return _utf8 || Ascii.IsValid(label) ? Encoding.UTF8.GetBytes(label) : [];
    }

    private int LongestText() =>
        column.Length == 0 ? int.MaxValue : (int)Math.Clamp(column.Length / CharacterSets.BytesPerCharacter(column.CharacterSet), 1, int.MaxValue);

    private IValueMask AsciiUnlessUtf8(IValueMask mask, IValueMask other) => _utf8 ? mask : new AsciiOnlyMask(mask, other);
}
