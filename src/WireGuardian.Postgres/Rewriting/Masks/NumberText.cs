using System.Buffers.Binary;
using System.Buffers.Text;
using WireGuardian.Core.Masking;
using WireGuardian.Postgres.Catalog;

namespace WireGuardian.Postgres.Rewriting.Masks;

/// <summary>A number of any numeric type as decimal text, from which its digest is taken, so that both formats give the same.</summary>
internal static class NumberText
{
    // What the longest float needs.
    private const int LongestFloat = 32;

    private static ReadOnlySpan<byte> NotANumber => "NaN"u8;

    private static ReadOnlySpan<byte> PositiveInfinity => "Infinity"u8;

    private static ReadOnlySpan<byte> NegativeInfinity => "-Infinity"u8;

    /// <summary>Bytes that <see cref="TryWrite"/> may need for a value of this many bytes.</summary>
    public static int Bound(int valueLength) => Math.Max(valueLength, LongestFloat) + BinaryNumeric.Bound(valueLength);

    /// <summary>False when the value is malformed.</summary>
    public static bool TryWrite(PostgresTypeShape shape, bool binary, ReadOnlySpan<byte> value, Span<byte> text, out int written)
    {
        written = 0;
        switch (shape)
        {
            case PostgresTypeShape.Int2 when binary:
                return value.Length == 2 && Utf8Formatter.TryFormat(BinaryPrimitives.ReadInt16BigEndian(value), text, out written);
            case PostgresTypeShape.Int4 when binary:
                return value.Length == 4 && Utf8Formatter.TryFormat(BinaryPrimitives.ReadInt32BigEndian(value), text, out written);
            case PostgresTypeShape.Int8 when binary:
                return value.Length == 8 && Utf8Formatter.TryFormat(BinaryPrimitives.ReadInt64BigEndian(value), text, out written);
            case PostgresTypeShape.Oid when binary:
                return value.Length == 4 && Utf8Formatter.TryFormat(BinaryPrimitives.ReadUInt32BigEndian(value), text, out written);
            case PostgresTypeShape.Numeric when binary:
                return BinaryNumeric.TryWriteText(value, text, out written);
            case PostgresTypeShape.Float4 when binary:
                return value.Length == 4 && WriteSingle(BinaryPrimitives.ReadSingleBigEndian(value), text, out written);
            case PostgresTypeShape.Float8 when binary:
                return value.Length == 8 && WriteDouble(BinaryPrimitives.ReadDoubleBigEndian(value), text, out written);
            case PostgresTypeShape.Float4:
                // By way of the number, because extra_float_digits decides how many digits the server writes.
                return float.TryParse(value, System.Globalization.CultureInfo.InvariantCulture, out var single)
                    && WriteSingle(single, text, out written);
            case PostgresTypeShape.Float8:
                return double.TryParse(value, System.Globalization.CultureInfo.InvariantCulture, out var number)
                    && WriteDouble(number, text, out written);
            default:
                return Write(value, text, out written);
        }
    }

    public static bool Write(ReadOnlySpan<byte> value, Span<byte> text, out int written)
    {
        value.CopyTo(text);
        written = value.Length;
        return true;
    }

    /// <summary>The canonical spelling of decimal text, or the text itself where it is none of a finite number.</summary>
    public static int Canonicalise(ReadOnlySpan<byte> text, Span<byte> canonical)
    {
        if (CanonicalDecimal.TryWrite(text, canonical, out var written))
            return written;
        text.CopyTo(canonical);
        return text.Length;
    }

    private static bool WriteSingle(float value, Span<byte> text, out int written) => float.IsFinite(value)
        ? value.TryFormat(text, out written, default, System.Globalization.CultureInfo.InvariantCulture)
        : WriteDouble(value, text, out written);

    private static bool WriteDouble(double value, Span<byte> text, out int written)
    {
        if (double.IsFinite(value))
            return value.TryFormat(text, out written, default, System.Globalization.CultureInfo.InvariantCulture);
        return Write(double.IsNaN(value) ? NotANumber : value > 0 ? PositiveInfinity : NegativeInfinity, text, out written);
    }
}
