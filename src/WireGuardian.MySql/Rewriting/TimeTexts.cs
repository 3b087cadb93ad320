namespace WireGuardian.MySql.Rewriting;

/// <summary>How dates and times are written: with as many digits of a second's fraction as the column has.</summary>
internal static class TimeTexts
{
    private const int MostDecimals = 6;

    /// <summary>The text with the column's fraction, all zeros.</summary>
    public static byte[] WithFraction(ReadOnlySpan<byte> text, byte decimals) =>
        decimals is > 0 and <= MostDecimals ? [.. text, (byte)'.', .. "000000"u8[..decimals]] : text.ToArray();
}

/// <summary><c>partial</c> of dates and times of the text protocol: the first moment of the year.</summary>
/// <param name="epoch">What stands for a date without a year; its first four bytes are a year's place.</param>
internal sealed class YearTextMask(byte[] epoch) : IValueMask
{
    private const int YearDigits = 4;

    public MaskResult Apply(Span<byte> value, MaskOutput output)
    {
        Span<byte> year = stackalloc byte[YearDigits];
        var known = value.Length > YearDigits && value[YearDigits] == '-' && !value[..YearDigits].ContainsAnyExceptInRange((byte)'0', (byte)'9')
            && !value.StartsWith("0000"u8);
        (known ? value[..YearDigits] : epoch.AsSpan(0, YearDigits)).CopyTo(year);
        var result = StandIn.Put(value, epoch, output);
        year.CopyTo(result == MaskResult.InPlace ? value : output.Written[^epoch.Length..]);
        return result;
    }
}

/// <summary>The same in the binary protocol, where a date is its year, month and day: four bytes when the time is midnight.</summary>
internal sealed class YearBinaryMask : IValueMask
{
    public static readonly YearBinaryMask Instance = new();

    public MaskResult Apply(Span<byte> value, MaskOutput output)
    {
        Span<byte> date = stackalloc byte[BinaryEpoch.Date.Length];
        BinaryEpoch.Date.CopyTo(date);
        if (value.Length >= date.Length && (value[0] | value[1]) != 0)
            value[..sizeof(ushort)].CopyTo(date);
        return StandIn.Put(value, date, output);
    }
}

/// <summary>1970-01-01 in the binary protocol.</summary>
internal static class BinaryEpoch
{
    public static ReadOnlySpan<byte> Year => [0xB2, 0x07];

    public static ReadOnlySpan<byte> Date => [0xB2, 0x07, 1, 1];
}
