using System.Globalization;
using WireGuardian.MySql.Packets;

namespace WireGuardian.MySql.Startup;

/// <summary>The version in a server's greeting.</summary>
/// <param name="Text">As the server wrote it: <c>5.5.5-10.11.6-MariaDB-0+deb12u1</c>, <c>9.7.0</c>.</param>
/// <param name="Flavour">Whose server it is.</param>
/// <param name="Number">The first three numbers, 0.0.0 where there are none.</param>
public sealed record ServerVersion(string Text, ServerFlavour Flavour, Version Number)
{
    /// <summary>MariaDB puts it before its own version, for replicas that took 10 for 1.</summary>
    private const string ReplicationPrefix = "5.5.5-";

    /// <param name="text">The version string.</param>
    /// <param name="capabilities">The server's: MariaDB leaves the lowest bit clear.</param>
    public static ServerVersion Parse(string text, CapabilityFlags capabilities)
    {
        var isMariaDb = !capabilities.HasFlag(CapabilityFlags.LongPassword) || text.Contains("MariaDB", StringComparison.OrdinalIgnoreCase);
        var rest = isMariaDb && text.StartsWith(ReplicationPrefix, StringComparison.Ordinal) ? text[ReplicationPrefix.Length..] : text;
        return new ServerVersion(text, isMariaDb ? ServerFlavour.MariaDb : ServerFlavour.MySql, NumberOf(rest));
    }

    /// <summary>The version as in conditional comments: 10.11.6 is 101106.</summary>
    public int CommentVersion => Number.Major * 10_000 + Number.Minor * 100 + Number.Build;

    private static Version NumberOf(string text)
    {
        var numbers = new int[3];
        var index = 0;
        foreach (var part in text.Split('.', numbers.Length))
        {
            var digits = part.AsSpan(0, part.AsSpan().IndexOfAnyExceptInRange('0', '9') is var end and >= 0 ? end : part.Length);
            if (digits.Length is 0 or > 4)
                break;
            numbers[index++] = int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
            if (digits.Length != part.Length)
                break;
        }
        return new Version(numbers[0], numbers[1], numbers[2]);
    }
}
