using WireGuardian.Core.Identity;

namespace WireGuardian.Core.Tests.Identity;

public sealed class PeopleTests
{
    private static readonly People People = new(
    [
        new() { Name = "dana", Logins = [new(null, "dana_pg"), new("app-pg", "d")], Operators = ["dana"], Certificates = ["CN=dana"] },
        new() { Name = "omar", Logins = [new("app-mysql", "d")] },
    ]);

    [TestCase("app-pg", "dana_pg", "dana")]
    [TestCase("app-mysql", "dana_pg", "dana")]
    [TestCase("app-pg", "d", "dana")]
    [TestCase("app-mysql", "d", "omar")]
    [TestCase("other", "d", "d")]
    [TestCase("app-pg", "DANA_PG", "DANA_PG", Description = "logins differ by case")]
    public void A_login_is_the_persons_behind_whose_listener_it_is(string listener, string login, string person) =>
        Assert.That(People.OfLogin(listener, login), Is.EqualTo(person));

    [TestCase("DANA", "dana")]
    [TestCase("omar", "omar")]
    [TestCase("eve", "eve")]
    public void An_operator_is_a_person_or_itself(string name, string person) => Assert.That(People.OfOperator(name), Is.EqualTo(person));

    [Test]
    public void A_certificate_is_a_persons_or_nobodys()
    {
        Assert.That(People.OfCertificate("cn=Dana"), Is.EqualTo("dana"));
        Assert.That(People.OfCertificate("CN=eve"), Is.Null);
    }

    [Test]
    public void A_directory_tells_who_its_operators_are()
    {
        var directory = new OperatorDirectory([new("dana", [], "0123"), new("eve", [], "4567")], new People([new() { Name = "D. Dana", Operators = ["dana"] }]));
        Assert.That(directory.Authenticate("0123")!.Person, Is.EqualTo("D. Dana"));
        Assert.That(directory.Authenticate("4567")!.Person, Is.EqualTo("eve"));
    }
}
