using System.Globalization;

namespace WireGuardian.Server.Configuration;

/// <summary>Writes durations and sizes as the configuration reads them.</summary>
public static class Show
{
    /// <summary>The largest unit that leaves no fraction: <c>90s</c>, <c>10m</c>, <c>1h</c>.</summary>
    public static string Duration(TimeSpan duration) => duration.Ticks switch
    {
        0 => "0s",
        var ticks when ticks % TimeSpan.TicksPerDay == 0 => Amount(ticks / TimeSpan.TicksPerDay, "d"),
        var ticks when ticks % TimeSpan.TicksPerHour == 0 => Amount(ticks / TimeSpan.TicksPerHour, "h"),
        var ticks when ticks % TimeSpan.TicksPerMinute == 0 => Amount(ticks / TimeSpan.TicksPerMinute, "m"),
        var ticks when ticks % TimeSpan.TicksPerSecond == 0 => Amount(ticks / TimeSpan.TicksPerSecond, "s"),
        var ticks => Amount(ticks / TimeSpan.TicksPerMillisecond, "ms"),
    };

    /// <summary>The largest unit that leaves no fraction: <c>64KiB</c>, <c>16MiB</c>.</summary>
    public static string Size(long bytes) => bytes switch
    {
        not 0 when bytes % (1L << 30) == 0 => Amount(bytes >> 30, "GiB"),
        not 0 when bytes % (1L << 20) == 0 => Amount(bytes >> 20, "MiB"),
        not 0 when bytes % (1L << 10) == 0 => Amount(bytes >> 10, "KiB"),
        _ => Amount(bytes, "B"),
    };

    private static string Amount(long amount, string unit) => amount.ToString(CultureInfo.InvariantCulture) + unit;
}
