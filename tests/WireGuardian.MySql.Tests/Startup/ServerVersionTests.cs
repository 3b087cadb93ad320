using WireGuardian.MySql.Packets;
using WireGuardian.MySql.Startup;

namespace WireGuardian.MySql.Tests.Startup;

public sealed class ServerVersionTests
{
    [TestCase("5.5.5-10.11.6-MariaDB-0+deb12u1", false, ServerFlavour.MariaDb, "10.11.6", 101106)]
    [TestCase("11.4.2-MariaDB", false, ServerFlavour.MariaDb, "11.4.2", 110402)]
    [TestCase("10.5.0", false, ServerFlavour.MariaDb, "10.5.0", 100500, Description = "a fork that hides its name; its lowest bit is clear")]
    [TestCase("9.7.0", true, ServerFlavour.MySql, "9.7.0", 90700)]
    [TestCase("8.0.36-0ubuntu0.22.04.1", true, ServerFlavour.MySql, "8.0.36", 80036)]
    [TestCase("5.5.5", true, ServerFlavour.MySql, "5.5.5", 50505)]
    [TestCase("8.4", true, ServerFlavour.MySql, "8.4.0", 80400)]
    [TestCase("", true, ServerFlavour.MySql, "0.0.0", 0)]
    [TestCase("vitess", true, ServerFlavour.MySql, "0.0.0", 0)]
    [TestCase("99999999999.1.1", true, ServerFlavour.MySql, "0.0.0", 0)]
    public void The_version_string_tells_flavour_and_number(string text, bool longPassword, ServerFlavour flavour, string number, int comment)
    {
        var version = ServerVersion.Parse(text, longPassword ? CapabilityFlags.LongPassword : CapabilityFlags.None);
        Assert.That(version, Is.EqualTo(new ServerVersion(text, flavour, Version.Parse(number))));
        Assert.That(version.CommentVersion, Is.EqualTo(comment));
    }
}
