using WireGuardian.Core.Approvals;
using WireGuardian.Postgres.Messages;
using WireGuardian.Postgres.Relay;
using WireGuardian.Testing.Wire;

namespace WireGuardian.Postgres.Tests.Relay;

public sealed class BindValuesTests
{
    [Test]
    public void Values_are_told_by_type_and_length_only() => Assert.That(
        BindValues.Read(Body("a", "b", "secret", null, "7"), [25, 0]),
        Is.EqualTo(new BindValue[] { new("text", 6), new("unspecified", -1), new("unspecified", 1) }));

    [Test]
    public void Other_names_leave_the_same_bytes() => Assert.That(Body("portal", "", "7"), Is.EqualTo(Body("", "statement", "7")));

    [Test]
    public void Any_bytes_give_a_list()
    {
        var body = Body("", "", "secret", "7");
        for (var length = 0; length < body.Length; length++)
            Assert.That(BindValues.Read(body.AsSpan(0, length), [25]), Has.Count.LessThanOrEqualTo(2));
        Assert.That(BindValues.Read([0, 0, 255, 255, 127, 255, 255, 255], []), Is.Empty);
    }

    private static byte[] Body(string portal, string statement, params string?[] values)
    {
        var body = FrontendMessage.Bind(portal, statement, values).AsSpan(5);
        Assert.That(Bind.TryParse(body, out var bind));
        return body[bind.NamesLength..].ToArray();
    }
}
