using System.Buffers.Binary;
using WireGuardian.Postgres.Catalog;

namespace WireGuardian.Postgres.Rewriting.Masks;

/// <summary><c>partial</c> of dates and timestamps in binary: the first day of the year.</summary>
/// <param name="epoch">What stands for infinity, for years that do not begin within the type's range.</param>
/// <param name="unitsPerDay">1 for date (4 bytes), microseconds for timestamps (8 bytes).</param>
internal sealed class BinaryYearMask(byte[] epoch, long unitsPerDay) : IValueMask
{
    // The types begin with Julian day 0, counted here from 2000-01-01.
    private const long FirstDay = -2_451_545;

    public MaskResult Apply(Span<byte> value, MaskOutput output)
    {
        if (value.Length != epoch.Length)
            return MaskResult.Null;
        var isDate = value.Length == sizeof(int);
        var units = isDate ? BinaryPrimitives.ReadInt32BigEndian(value) : BinaryPrimitives.ReadInt64BigEndian(value);
        var infinite = isDate ? units is int.MinValue or int.MaxValue : units is long.MinValue or long.MaxValue;
        var newYear = ProlepticCalendar.FirstDayOfYear(Math.DivRem(units, unitsPerDay) is var (days, rest) && rest < 0 ? days - 1 : days);
        if (infinite || newYear < FirstDay)
            epoch.CopyTo(value);
        else if (isDate)
            BinaryPrimitives.WriteInt32BigEndian(value, (int)newYear);
        else
            BinaryPrimitives.WriteInt64BigEndian(value, newYear * unitsPerDay);
        return MaskResult.InPlace;
    }
}

/// <summary><c>partial</c> of dates and timestamps as text: the year is taken from the ISO spelling; any other DateStyle is redacted.</summary>
internal sealed class TextYearMask(PostgresTypeShape shape, byte[] epoch) : IValueMask
{
    private const int LongestYear = 7;
    private const int LongestText = 40;

    private static ReadOnlySpan<byte> BeforeChrist => " BC"u8;

    public MaskResult Apply(Span<byte> value, MaskOutput output)
    {
        if (!TryReadYear(value, out var digits))
            return StandIn.Put(value, epoch, output);
        Span<byte> standIn = stackalloc byte[LongestText];
        value[..digits].CopyTo(standIn);
        var length = digits;
        Append("-01-01"u8, standIn, ref length);
        if (shape != PostgresTypeShape.Date)
            Append(" 00:00:00"u8, standIn, ref length);
        if (shape == PostgresTypeShape.TimestampTz)
            Append("+00"u8, standIn, ref length);
        if (value.EndsWith(BeforeChrist))
            Append(BeforeChrist, standIn, ref length);
        return StandIn.Put(value, standIn[..length], output);
    }

    private static bool TryReadYear(ReadOnlySpan<byte> value, out int digits)
    {
        digits = value.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        if (digits is < 4 or > LongestYear || value.Length < digits + 6)
            return false;
        // 4713 BC does not begin within the types' range.
        if (value.EndsWith(BeforeChrist) && !(value[..digits].SequenceCompareTo("4713"u8) < 0 && digits == 4))
            return false;
        var rest = value[digits..];
        return rest[0] == '-' && IsDigit(rest[1]) && IsDigit(rest[2]) && rest[3] == '-' && IsDigit(rest[4]) && IsDigit(rest[5]);
    }

    private static bool IsDigit(byte unit) => unit is >= (byte)'0' and <= (byte)'9';

    private static void Append(ReadOnlySpan<byte> text, Span<byte> destination, ref int length)
    {
        text.CopyTo(destination[length..]);
        length += text.Length;
    }
}
