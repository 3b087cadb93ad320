using WireGuardian.ControlPlane.Grpc.Framing;

namespace WireGuardian.ControlPlane.Tests.Framing;

public class GrpcTimeoutTests
{
    [TestCase("1H", 3_600_000)]
    [TestCase("2M", 120_000)]
    [TestCase("3S", 3_000)]
    [TestCase("250m", 250)]
    [TestCase("5000u", 5)]
    [TestCase("7000000n", 7)]
    [TestCase("0S", 0)]
    public void Every_unit_is_read(string text, int milliseconds)
    {
        Assert.That(GrpcTimeout.TryParse(text, out var timeout), Is.True);
        Assert.That(timeout, Is.EqualTo(TimeSpan.FromMilliseconds(milliseconds)));
    }

    [TestCase("99999999H")]
    [TestCase("99999999M")]
    public void A_timeout_of_years_is_the_longest_there_is(string text)
    {
        Assert.That(GrpcTimeout.TryParse(text, out var timeout), Is.True);
        Assert.That(timeout, Is.EqualTo(GrpcTimeout.Longest));
    }

    [TestCase("")]
    [TestCase("S")]
    [TestCase("1")]
    [TestCase("1s")]
    [TestCase("-1S")]
    [TestCase(" 1S")]
    [TestCase("1.5S")]
    [TestCase("123456789S")]
    public void Anything_else_is_no_timeout(string text) => Assert.That(GrpcTimeout.TryParse(text, out _), Is.False);

    [TestCase(0, "0m")]
    [TestCase(1500, "1500m")]
    [TestCase(99_999_999, "99999999m")]
    [TestCase(100_000_000, "100000S")]
    public void A_timeout_is_written_in_at_most_eight_digits(double milliseconds, string text)
        => Assert.That(GrpcTimeout.Format(TimeSpan.FromMilliseconds(milliseconds)), Is.EqualTo(text));
}
