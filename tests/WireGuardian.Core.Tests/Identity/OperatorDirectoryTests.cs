using WireGuardian.Core.Identity;

namespace WireGuardian.Core.Tests.Identity;

public sealed class OperatorDirectoryTests
{
    private static readonly OperatorDirectory Directory = new(
    [
        new OperatorAccount("dana", ["dba"], "dana-token"),
        new OperatorAccount("omar", [], "omar-token"),
    ]);

    [Test]
    public void A_token_names_its_operator()
    {
        Assert.That(Directory.Authenticate("dana-token")?.Name, Is.EqualTo("dana"));
        Assert.That(Directory.Authenticate("dana-token")?.Groups, Is.EqualTo(new[] { "dba" }));
        Assert.That(Directory.Authenticate("omar-token")?.Name, Is.EqualTo("omar"));
    }

    [TestCase("")]
    [TestCase("dana-toke")]
    [TestCase("dana-token ")]
    [TestCase("DANA-TOKEN")]
    public void Any_other_text_names_nobody(string token) => Assert.That(Directory.Authenticate(token), Is.Null);

    [Test]
    public void An_overlong_token_names_nobody() =>
        Assert.That(Directory.Authenticate(new string('a', OperatorDirectory.MaximumTokenLength + 1)), Is.Null);

    [Test]
    public void An_empty_directory_knows_nobody() => Assert.That(new OperatorDirectory([]).Authenticate("x"), Is.Null);

    [Test]
    public void An_operator_without_a_token_is_refused() =>
        Assert.That(() => new OperatorDirectory([new OperatorAccount("dana", [], "")]), Throws.ArgumentException);

    [Test]
    public void One_token_for_two_operators_is_refused_without_showing_it() =>
        Assert.That(
            () => new OperatorDirectory([new OperatorAccount("dana", [], "same-secret"), new OperatorAccount("omar", [], "same-secret")]),
            Throws.ArgumentException.With.Message.Contains("dana and omar").And.Message.Not.Contains("same-secret"));

    [Test]
    public void One_name_for_two_operators_is_refused() =>
        Assert.That(() => new OperatorDirectory([new OperatorAccount("dana", [], "a"), new OperatorAccount("Dana", [], "b")]), Throws.ArgumentException);

    [Test]
    public void An_account_prints_without_its_token() =>
        Assert.That(new OperatorAccount("dana", ["dba"], "secret").ToString(), Is.EqualTo("dana (dba)"));
}
