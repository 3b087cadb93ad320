using System.Buffers.Binary;

namespace WireGuardian.Testing.Leaks;

/// <summary>A number as PostgreSQL's binary formats write it, and in other ways that are no text of it.</summary>
internal static class BinaryNumbers
{
    private const int NumericBase = 10_000;

    public static IEnumerable<(string Name, byte[] Bytes)> Of(decimal number)
    {
        var whole = decimal.Truncate(number);
        var bytes = new byte[sizeof(double)];
        BinaryPrimitives.WriteDoubleBigEndian(bytes, (double)number);
        yield return ($"{number} as float8", bytes);
        yield return ($"{number} as float4", BigEndian(BitConverter.SingleToUInt32Bits((float)number)));
        foreach (var rounded in new[] { whole, whole + 1 })
            yield return ($"{rounded} as int4", BigEndian((uint)rounded));
        // The digits in groups of four around the point.
        var groups = new List<byte>();
        foreach (var group in new[] { whole / NumericBase, whole % NumericBase, (number - whole) * NumericBase })
            groups.AddRange(BigEndian((uint)decimal.Truncate(group))[2..]);
        yield return ($"{number} as numeric", [.. groups]);
    }

    /// <summary>Its digits alone.</summary>
    public static string Digits(decimal number) => string.Concat(number.ToString(System.Globalization.CultureInfo.InvariantCulture).Where(char.IsAsciiDigit));

    /// <summary>Its bits, as bit(n) shows them, without what is in front of the first one.</summary>
    public static string Bits(string whole) => Convert.ToString(int.Parse(whole, System.Globalization.CultureInfo.InvariantCulture), 2);

    private static byte[] BigEndian(uint value)
    {
        var bytes = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }
}
