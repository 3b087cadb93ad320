using WireGuardian.Core.Masking.Documents;
using WireGuardian.Core.Policies;

namespace WireGuardian.Core.Tests.Masking.Documents;

/// <summary>Paths as rules have them, and what they lead to.</summary>
[TestFixture]
public sealed class JsonPathTests
{
    [TestCase("public.people.profile->'contact'->>'email'", "public.people.profile->'contact'->'email'")]
    [TestCase("a.b.c->'it''s'->0->*", "a.b.c->'it''s'->0->*")]
    [TestCase("a.b.c->\"x\"", "a.b.c->'x'")]
    [TestCase("a.b.c->**.email", "a.b.c->**.email")]
    [TestCase("a.b.c->**.'e-mail'->'x'", "a.b.c->**.'e-mail'->'x'")]
    [TestCase("**.email", "**.email")]
    [TestCase("**.\"e mail\"", "**.'e mail'")]
    [TestCase("a.\"b->c\".d->'x'", "a.b->c.d->'x'")]
    [TestCase("a.b.c", "a.b.c")]
    public void Rules_name_places(string text, string shown)
    {
        Assert.That(ColumnPattern.TryParseWithPath(text, out var pattern, out _), Is.True);
        Assert.That(pattern!.ToString(), Is.EqualTo(shown));
        Assert.That(ColumnPattern.TryParseWithPath(text, out var again, out _) && again == pattern, Is.True);
    }

    [TestCase("a.b.c->email", "a key in single quotes", 7)]
    [TestCase("a.b.c->", "a key in single quotes", 8)]
    [TestCase("a.b.c->'x", "not closed", 8)]
    [TestCase("a.b.c->'x'y", "an arrow", 11)]
    [TestCase("a.b.c->>'x'->'y'", "nothing can follow", 12)]
    [TestCase("a.b.c->-1", "not negative", 8)]
    [TestCase("a.b.c->99999999999", "too large", 8)]
    [TestCase("a.b.c->**", "a dot and a key", 10)]
    [TestCase("**", "a dot and a key", 3)]
    [TestCase("**.", "a key", 4)]
    [TestCase("a.b->'x'", "", 0)]
    [TestCase("c->'x'", "", 0)]
    public void What_is_malformed_is_told_with_its_place(string text, string problem, int character)
    {
        Assert.That(ColumnPattern.TryParseWithPath(text, out _, out var found), Is.False);
        Assert.That(found, problem.Length == 0 ? Is.Empty : Does.Contain(problem));
        if (problem.Length > 0 && character > 7)
            Assert.That(found, Does.Contain($"(at character {character})"));
    }

    [Test]
    public void A_path_has_a_limit() =>
        Assert.That(JsonPath.TryRead(string.Concat(Enumerable.Repeat("->'a'", JsonPath.MostSteps + 1)), 0, out _, out _), Is.False);

    [TestCase("->'contact'->'email'", "->'contact'->'email'", true, true)]
    [TestCase("->'contact'->'email'", "->'contact'->'email'->'x'", true, true)]
    [TestCase("->'contact'->'email'", "->'contact'", true, false)]
    [TestCase("->'contact'->'email'", "->'contact'->'city'", false, false)]
    [TestCase("->'contact'->'email'", "->'CONTACT'->'email'", false, false)]
    [TestCase("->'contact'->'email'", "->'email'", false, false)]
    [TestCase("->'contact'->'email'", "->*", true, false)]
    [TestCase("->'contact'->*", "->'contact'->0", true, true)]
    [TestCase("->'list'->1", "->'list'->0", false, false)]
    [TestCase("->'list'->1", "->'list'->'1'", false, false)]
    [TestCase("->**.email", "->'name'", true, false)]
    [TestCase("->**.email", "->'a'->'email'->'b'", true, true)]
    public void Parts_are_told_apart(string rule, string taken, bool holdsPlaces, bool isMasked)
    {
        var within = Documents.Places($"{rule}=redact").Within(Documents.Path(taken));
        Assert.That(within is not null, Is.EqualTo(holdsPlaces));
        Assert.That(within?.IsMasked ?? false, Is.EqualTo(isMasked));
    }

    [TestCase("1", true)]
    [TestCase("0", false)]
    [TestCase("01", true)]
    [TestCase("+1", true)]
    [TestCase("-1", true)]
    [TestCase("a", false)]
    public void A_text_may_be_the_number_of_an_element(string text, bool mayBe) =>
        Assert.That(Documents.Places("->'list'->1=redact").Within(Documents.Path("->'list'").Then(JsonStep.OfText(text))) is not null, Is.EqualTo(mayBe));

    [Test]
    public void What_is_left_as_it_is_counts_only_where_it_is_sure_to_be_meant()
    {
        var places = Documents.Places("->'list'->1=", "=redact");
        Assert.That(places.Within(Documents.Path("->'list'->1")), Is.Null);
        Assert.That(places.Within(Documents.Path("->'list'").Then(JsonStep.OfText("1")))?.IsMasked, Is.True);
        Assert.That(places.Within(Documents.Path("->'list'"))?.IsMasked, Is.True);
    }
}
