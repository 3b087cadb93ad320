using WireGuardian.Postgres.Startup;
using WireGuardian.Testing.Wire;

namespace WireGuardian.Postgres.Tests.Startup;

public sealed class StartupMessageTests
{
    [Test]
    public void Startup_parameters_are_kept_in_order_with_their_duplicates_and_the_last_one_counts()
    {
        var message = Read(("user", "a"), ("application_name", "x"), ("options", "-c work_mem=1MB"), ("user", "b"));
        Assert.That(message.Parameters.Select(parameter => parameter.Name), Is.EqualTo(new[] { "user", "application_name", "options", "user" }));
        Assert.That(message.User, Is.EqualTo("b"));
        Assert.That(message.Database, Is.EqualTo("b"), "the database is called like the user");
        Assert.That(message.ApplicationName, Is.EqualTo("x"));
    }

    [TestCase(null, false)]
    [TestCase("off", false)]
    [TestCase("FALSE", false)]
    [TestCase("0", false)]
    [TestCase("true", true)]
    [TestCase("database", true)]
    [TestCase("?", true)]
    public void A_replication_connection_is_known_by_its_parameter(string? value, bool expected) =>
        Assert.That(Read([("user", "a"), .. value is null ? [] : new[] { ("replication", value) }]).IsReplication, Is.EqualTo(expected));

    [Test]
    public void Protocol_options_are_the_parameters_with_the_prefix() =>
        Assert.That(Read(("user", "a"), ("_pq_.x", "1"), ("pq_.y", "1"), ("_pq_.x", "2")).ProtocolOptions, Is.EqualTo(new[] { "_pq_.x" }));

    [Test]
    public void A_name_longer_than_the_servers_is_cut_so_that_no_user_goes_by_another_name()
    {
        var role = new string('r', 63);
        Assert.That(Read(("user", role + "xyz")).User, Is.EqualTo(role));
        Assert.That(Read(("user", role)).User, Is.EqualTo(role));
    }

    private static StartupMessage Read(params IEnumerable<(string, string)> parameters)
    {
        Assert.That(
            StartupMessage.TryParse(new StartupPacket(FrontendMessage.Startup(FrontendMessage.Protocol32, parameters)), out var message), Is.True);
        Assert.That((message.ProtocolMajor, message.ProtocolMinor), Is.EqualTo((3, 2)));
        return message;
    }
}
