using System.Globalization;
using System.Text.RegularExpressions;

namespace WireGuardian.Sql.MySql;

/// <summary>What a server is, as executable comments ask for it.</summary>
/// <param name="Flavour">Whose server it is.</param>
/// <param name="Number">Two digits each for minor and patch: 10.11.19 is 101119, 9.7.1 is 90701.</param>
public readonly partial record struct MySqlServerVersion(MySqlFlavour Flavour, int Number)
{
    /// <summary>Reads the version of a greeting: <c>9.7.1</c>, <c>5.5.5-10.11.19-MariaDB-0+deb12u1</c>. False for one that is neither.</summary>
    public static bool TryParse(string version, out MySqlServerVersion result)
    {
        var isMariaDb = version.Contains("MariaDB", StringComparison.OrdinalIgnoreCase);
        // MariaDB puts 5.5.5- in front, for replicas that would not take a two-digit major version.
        var match = Pattern().Match(isMariaDb && version.StartsWith("5.5.5-", StringComparison.Ordinal) ? version[6..] : version);
        result = default;
        if (!match.Success)
            return false;
        int Part(int group) => int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);
        result = new(isMariaDb ? MySqlFlavour.MariaDb : MySqlFlavour.MySql, Part(1) * 10_000 + Part(2) * 100 + Part(3));
        return true;
    }

    [GeneratedRegex(@"^([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{1,2})(?![0-9])", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Pattern();
}
