using System.Buffers.Binary;

namespace WireGuardian.Postgres.Rewriting.Masks;

/// <summary>
/// The binary format of numeric: count of digits, weight of the first, sign and display scale, 16 bits each, then digits to the base 10,000.
/// </summary>
internal static class BinaryNumeric
{
    /// <summary>Bytes before the digits.</summary>
    public const int HeaderLength = 8;

    private const int DecimalsPerDigit = 4;
    private const ushort Negative = 0x4000;
    private const ushort NotANumber = 0xC000;
    private const ushort PositiveInfinity = 0xD000;
    private const ushort NegativeInfinity = 0xF000;

    // Sign, and an exponent in place of zeros that a weight of up to 32,767 would ask for.
    private const int Overhead = 16;

    public static int Bound(int valueLength) => valueLength * (DecimalsPerDigit / 2) + Overhead;

    /// <summary>Writes sign, digits and exponent; false when malformed.</summary>
    public static bool TryWriteText(ReadOnlySpan<byte> value, Span<byte> text, out int written)
    {
        written = 0;
        if (value.Length < HeaderLength)
            return false;
        int count = BinaryPrimitives.ReadUInt16BigEndian(value);
        int weight = BinaryPrimitives.ReadInt16BigEndian(value[2..]);
        var sign = BinaryPrimitives.ReadUInt16BigEndian(value[4..]);
        var digits = value[HeaderLength..];
        if (digits.Length != count * 2)
            return false;
        switch (sign)
        {
            case NotANumber: return NumberText.Write("NaN"u8, text, out written);
            case PositiveInfinity: return NumberText.Write("Infinity"u8, text, out written);
            case NegativeInfinity: return NumberText.Write("-Infinity"u8, text, out written);
            case Negative: text[written++] = (byte)'-'; break;
            case 0: break;
            default: return false;
        }
        return TryWriteDigits(digits, text, ref written) && TryWriteExponent((weight - count + 1) * DecimalsPerDigit, text, ref written);
    }

    /// <summary>Writes a number of 0 to 10^18; tells the length.</summary>
    public static int WriteInteger(long number, Span<byte> destination)
    {
        Span<ushort> digits = stackalloc ushort[5];
        var count = 0;
        for (; number > 0; number /= 10_000)
            digits[count++] = (ushort)(number % 10_000);
        BinaryPrimitives.WriteInt16BigEndian(destination, (short)count);
        BinaryPrimitives.WriteInt16BigEndian(destination[2..], (short)Math.Max(0, count - 1));
        destination[4..HeaderLength].Clear();
        for (var i = 0; i < count; i++)
            BinaryPrimitives.WriteUInt16BigEndian(destination[(HeaderLength + i * 2)..], digits[count - 1 - i]);
        return HeaderLength + count * 2;
    }

    private static bool TryWriteDigits(ReadOnlySpan<byte> digits, Span<byte> text, ref int written)
    {
        text[written++] = (byte)'0';
        for (; digits.Length > 0; digits = digits[2..])
        {
            var digit = BinaryPrimitives.ReadUInt16BigEndian(digits);
            if (digit > 9_999)
                return false;
            for (var i = DecimalsPerDigit - 1; i >= 0; i--, digit /= 10)
                text[written + i] = (byte)('0' + digit % 10);
            written += DecimalsPerDigit;
        }
        return true;
    }

    private static bool TryWriteExponent(int exponent, Span<byte> text, ref int written)
    {
        text[written++] = (byte)'e';
        if (!System.Buffers.Text.Utf8Formatter.TryFormat(exponent, text[written..], out var length))
            return false;
        written += length;
        return true;
    }
}
