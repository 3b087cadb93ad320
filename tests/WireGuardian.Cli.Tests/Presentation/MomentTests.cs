using Google.Protobuf.WellKnownTypes;
using WireGuardian.Cli.Presentation;

namespace WireGuardian.Cli.Tests.Presentation;

public class MomentTests
{
    private static readonly DateTimeOffset Now = new(2025, 6, 1, 12, 0, 0, TimeSpan.Zero);

    [TestCase("90s", "2025-06-01T11:58:30Z")]
    [TestCase("10m", "2025-06-01T11:50:00Z")]
    [TestCase("1h", "2025-06-01T11:00:00Z")]
    [TestCase("2d", "2025-05-30T12:00:00Z")]
    [TestCase("9999999999999999999d", null)]
    [TestCase("999999999999999999d", "1970-01-01T00:00:00Z")]
    [TestCase("2025-05-31", "2025-05-31T00:00:00Z")]
    [TestCase("2025-05-31T10:00:00.5+02:00", "2025-05-31T08:00:00.5Z")]
    [TestCase("-1h", null)]
    [TestCase("h", null)]
    public void Since_is_a_duration_or_a_time(string text, string? time)
    {
        if (time is null)
            Assert.Throws<UsageException>(() => Moment.Parse(text, Now));
        else
            Assert.That(Moment.Rfc3339(Moment.Parse(text, Now).ToTimestamp()), Is.EqualTo(time));
    }

    [TestCase(-5, "0s")]
    [TestCase(45, "45s")]
    [TestCase(598, "9m 58s")]
    [TestCase(3900, "1h 05m")]
    [TestCase(93_600, "1d 02h")]
    public void Time_left_is_short(int seconds, string shown)
        => Assert.That(Moment.Left(Now.AddSeconds(seconds).ToTimestamp(), Now), Is.EqualTo(shown));
}
