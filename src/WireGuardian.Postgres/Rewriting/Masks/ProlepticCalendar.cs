namespace WireGuardian.Postgres.Rewriting.Masks;

/// <summary>
/// Years of the Gregorian calendar carried back without end, as the server counts them; .NET's own types know the years 1 to 9999 only.
/// </summary>
internal static class ProlepticCalendar
{
    private const int DaysPer400Years = 146_097;

    // 2000 is the first year of its cycle of 400, so the server's day 0 begins one.
    private const int DaysPerCommonYear = 365;

    /// <summary>The day on which the year of <paramref name="day"/> began; both count from 2000-01-01.</summary>
    public static long FirstDayOfYear(long day)
    {
        var cycle = Math.DivRem(day, DaysPer400Years, out var inCycle);
        if (inCycle < 0)
        {
            cycle--;
            inCycle += DaysPer400Years;
        }
        // A year is never shorter than 365 days, so this is the year or the one after.
        var year = inCycle / DaysPerCommonYear;
        while (DaysBefore(year) > inCycle)
            year--;
        return cycle * DaysPer400Years + DaysBefore(year);
    }

    /// <summary>Days from the start of a cycle to the start of its year; leap years are 0, 4, 8 … but 100, 200 and 300.</summary>
    private static long DaysBefore(long year) =>
        year == 0 ? 0 : DaysPerCommonYear * year + 1 + (year - 1) / 4 - (year - 1) / 100;
}
