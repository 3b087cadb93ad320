using System.Buffers.Binary;
using System.Buffers.Text;
using System.Globalization;
using WireGuardian.Core.Masking;
using WireGuardian.MySql.Framing;

namespace WireGuardian.MySql.Rewriting;

/// <summary>
/// <c>hash</c> and <c>token</c> of a number: another one that its type can hold, not negative and without a fraction, the same in both protocols.
/// </summary>
/// <param name="key">The key of the digest.</param>
/// <param name="column">The column.</param>
/// <param name="binary">The protocol.</param>
internal sealed class KeyedNumberMask(MaskKey key, ColumnShape column, bool binary) : IValueMask
{
    private const int LongestText = 32;

    private readonly KeyedDecimal _stand = new(key, Limit(column));

    public MaskResult Apply(Span<byte> value, MaskOutput output)
    {
        var size = binary ? BinaryValues.FixedSize(column.Type) : 0;
        Span<byte> standIn = stackalloc byte[LongestText];
        if (size == 0)
        {
            var number = column.Type == ColumnType.Float && Utf8Parser.TryParse(value, out double parsed, out var used) && used == value.Length
                ? DeriveSingle(parsed)
                : _stand.Derive(value);
            Utf8Formatter.TryFormat(number, standIn, out var length);
            return StandIn.Put(value, standIn[..length], output);
        }
        if (value.Length != size)
            return MaskResult.Null;
        Write(value, DeriveBinary(value));
        return MaskResult.InPlace;
    }

    private long DeriveBinary(ReadOnlySpan<byte> value)
    {
        Span<byte> text = stackalloc byte[LongestText];
        switch (column.Type)
        {
            case ColumnType.Float:
                return DeriveSingle(BinaryPrimitives.ReadSingleLittleEndian(value));
            case ColumnType.Double:
                BinaryPrimitives.ReadDoubleLittleEndian(value).TryFormat(text, out var length, default, CultureInfo.InvariantCulture);
                return _stand.Derive(text[..length]);
        }
        ulong bits = 0;
        for (var index = value.Length - 1; index >= 0; index--)
            bits = bits << 8 | value[index];
        var unused = 64 - value.Length * 8;
        int written;
        if (column.Flags.HasFlag(ColumnFlags.Unsigned))
            Utf8Formatter.TryFormat(bits, text, out written);
        else
            Utf8Formatter.TryFormat((long)(bits << unused) >> unused, text, out written);
        return _stand.Derive(text[..written]);
    }

    /// <summary>In the six digits that the servers write of a FLOAT, so that both protocols agree.</summary>
    private long DeriveSingle(double value)
    {
        Span<byte> text = stackalloc byte[LongestText];
        value.TryFormat(text, out var length, "G6", CultureInfo.InvariantCulture);
        return _stand.Derive(text[..length]);
    }

    private void Write(Span<byte> value, long number)
    {
        switch (column.Type)
        {
            case ColumnType.Float:
                BinaryPrimitives.WriteSingleLittleEndian(value, number);
                break;
            case ColumnType.Double:
                BinaryPrimitives.WriteDoubleLittleEndian(value, number);
                break;
            default:
                foreach (ref var place in value)
                {
                    place = (byte)number;
                    number >>= 8;
                }
                break;
        }
    }

    /// <summary>The highest number that keeps within the type, and one more.</summary>
    private static ulong Limit(ColumnShape column) => column.Type switch
    {
        ColumnType.Tiny or ColumnType.Bool => 1UL << 7,
        ColumnType.Short => 1UL << 15,
        ColumnType.Int24 => 1UL << 23,
        ColumnType.Long => 1UL << 31,
        ColumnType.LongLong => 1UL << 63,
        // Every integer below is exact in the float.
        ColumnType.Float => 1UL << 24,
        ColumnType.Double => 1UL << 53,
        _ => PowerOfTen(IntegerDigits(column)),
    };

    /// <summary>Digits before a DECIMAL's point: its length counts the sign and the point as well.</summary>
    private static int IntegerDigits(ColumnShape column)
    {
        var digits = (int)Math.Min(column.Length, 100) - (column.Flags.HasFlag(ColumnFlags.Unsigned) ? 0 : 1) - (column.Decimals > 0 ? 1 : 0) - column.Decimals;
        return Math.Clamp(digits, 0, 18);
    }

    private static ulong PowerOfTen(int exponent)
    {
        var power = 1UL;
        for (; exponent > 0; exponent--)
            power *= 10;
        return power;
    }
}
