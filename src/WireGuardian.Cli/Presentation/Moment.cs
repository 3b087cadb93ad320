using System.Globalization;
using Google.Protobuf.WellKnownTypes;

namespace WireGuardian.Cli.Presentation;

/// <summary>Times and durations as people and programs write them.</summary>
internal static class Moment
{
    /// <summary>A duration back from <paramref name="now"/> (90s, 10m, 1h, 2d), or a time; without an offset it is UTC.</summary>
    /// <exception cref="UsageException">It is neither.</exception>
    public static DateTimeOffset Parse(string text, DateTimeOffset now)
    {
        text = text.Trim();
        if (text.Length > 1 && UnitOf(text[^1]) is { } unit
            && long.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var amount))
        {
            var ago = (double)amount * unit.Ticks;
            return ago < (now - DateTimeOffset.UnixEpoch).Ticks ? now - TimeSpan.FromTicks((long)ago) : DateTimeOffset.UnixEpoch;
        }

        return DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? time
            : throw new UsageException($"'{text}' is neither a duration such as 90s, 10m, 1h or 2d nor a time such as 2025-06-01T12:00:00Z.");
    }

    /// <summary>A duration: 90s, 10m, 1h, 2d.</summary>
    /// <exception cref="UsageException">It is none, or none that is longer than nothing.</exception>
    public static TimeSpan ParseDuration(string text)
    {
        text = text.Trim();
        return text.Length > 1 && UnitOf(text[^1]) is { } unit && int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var amount)
            && amount > 0 && amount <= TimeSpan.FromDays(365) / unit
            ? amount * unit
            : throw new UsageException($"'{text}' is no duration such as 90s, 10m, 1h or 2d.");
    }

    /// <summary>RFC 3339 in UTC.</summary>
    public static string Rfc3339(Timestamp? time)
        => time is null ? "" : time.ToDateTime().ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);

    /// <summary>For people, to the second, in UTC and saying so.</summary>
    public static string Readable(Timestamp? time)
        => time is null ? "" : time.ToDateTime().ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>How long until <paramref name="time"/>: <c>45s</c>, <c>9m 58s</c>, <c>1h 05m</c>.</summary>
    public static string Left(Timestamp? time, DateTimeOffset now)
    {
        var left = time is null ? TimeSpan.Zero : time.ToDateTimeOffset() - now;
        return left switch
        {
            { Ticks: <= 0 } => "0s",
            { TotalMinutes: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{left.Seconds}s"),
            { TotalHours: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{left.Minutes}m {left.Seconds:00}s"),
            { TotalDays: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{left.Hours}h {left.Minutes:00}m"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{(int)left.TotalDays}d {left.Hours:00}h"),
        };
    }

    private static TimeSpan? UnitOf(char unit) => unit switch
    {
        's' => TimeSpan.FromSeconds(1),
        'm' => TimeSpan.FromMinutes(1),
        'h' => TimeSpan.FromHours(1),
        'd' => TimeSpan.FromDays(1),
        _ => null,
    };
}
