using System.Text;
using WireGuardian.Core.Detection;
using WireGuardian.Core.Detection.Structure;
using WireGuardian.Proxy.Sampling;
using WireGuardian.Server.Scanning;

namespace WireGuardian.Server.Tests.Scanning;

/// <summary>Values come to numbers.</summary>
[TestFixture]
public sealed class ColumnTallyTests
{
    [Test]
    public void A_value_counts_once_for_each_detector_and_as_a_whole_where_it_is_little_else()
    {
        var sample = Tally("contact", TextStructure.Plain, "ada@example.com", "please write to ada@example.com or to ben@example.com before Monday, and take card 4111 1111 1111 1111 for what is left to pay", "nothing", "");
        Assert.That((sample.Rows, sample.Values, sample.Found, sample.Whole), Is.EqualTo((4, 3, 2, 1)));
        Assert.That(sample.Detectors, Is.EqualTo((DetectorCount[])[new(Detector.EmailAddress, 2), new(Detector.CreditCard, 1)]));
    }

    [Test]
    public void The_columns_name_is_context()
    {
        Assert.That(Tally("date_of_birth", TextStructure.Plain, "1980-05-17").Detectors, Is.EqualTo((DetectorCount[])[new(Detector.DateOfBirth, 1)]));
        Assert.That(Tally("shipped", TextStructure.Plain, "1980-05-17").Found, Is.Zero);
        Assert.That(Tally("password", TextStructure.Plain, "hunter2").Whole, Is.EqualTo(1));
    }

    [Test]
    public void An_array_of_addresses_is_little_else() =>
        Assert.That(Tally("mails", TextStructure.Array, "{ada@example.com,ben@example.com}") is { Found: 1, Whole: 1 });

    [Test]
    public void Keys_of_documents_are_named_where_many_documents_have_them()
    {
        var documents = Enumerable.Range(0, 40).Select(number =>
            $$"""{"contact": {"email": "p{{number}}@example.com", "p{{number}}@example.com": "p{{number}}@example.com", "phones": ["+49 30 1234{{number + 1000}}"]}, "ada_novak": {{(number < 3 ? "\"x@example.com\"" : "1")}}}""");
        var sample = Tally("profile", TextStructure.Json, [.. documents]);
        Assert.That(sample.Whole, Is.Zero);
        Assert.That(
            sample.Paths,
            Is.EqualTo((PathCount[])[new("->'contact'->'phones'->*", Detector.PhoneNumber, 40), new("->'contact'->>'email'", Detector.EmailAddress, 40)]).AsCollection);
    }

    [Test]
    public void A_key_that_may_be_a_value_is_never_named()
    {
        foreach (var key in new[] { "ada@example.com", "4111111111111111", "u12345", "Ada Novak", "o'neil", "a\\u0040b", "" })
            Assert.That(Tally("profile", TextStructure.Json, [.. Enumerable.Repeat($$"""{"{{key}}": {"x": "ben@example.com"}, "ok": "ben@example.com"}""", 20)]).Paths.Select(path => path.Path), Is.EqualTo((string[])["->>'ok'"]), key);
    }

    [Test]
    public void Hstore_has_keys_of_one_level() =>
        Assert.That(
            Tally("attributes", TextStructure.Hstore, [.. Enumerable.Repeat("\"mail\"=>\"ada@example.com\", \"n\"=>NULL", 10)]).Paths,
            Is.EqualTo((PathCount[])[new("->'mail'", Detector.EmailAddress, 10)]));

    [TestCase("{\"a\": \"ada@example.com\", \"b\": \"ada@exam")]
    [TestCase("{\"a\": \"ada@example.com\", \"\\ud800\": tru")]
    [TestCase("{\"a\": \"ada@example.com\", \"b\": \"\\ud800 \"}")]
    [TestCase("{\"a\": \"ada@example.com\"}}}]")]
    public void A_document_that_is_cut_short_or_none_gives_what_shows(string document) =>
        Assert.That(Tally("profile", TextStructure.Json, [.. Enumerable.Repeat(document, 10)]).Paths.Select(path => path.Path), Does.Contain("->>'a'"));

    [Test]
    public void Any_bytes_give_a_number()
    {
        var random = new Random(7);
        foreach (var structure in Enum.GetValues<TextStructure>())
        {
            var tally = new ColumnTally(Place("any", structure), 1, new DetectionScratch());
            for (var round = 0; round < 500; round++)
            {
                var bytes = new byte[random.Next(1, 200)];
                random.NextBytes(bytes);
                if (round % 2 == 0)
                    "{\"a@b.co\":[\"\\"u8.ToArray().AsSpan(0, Math.Min(12, bytes.Length)).CopyTo(bytes);
                tally.Add(bytes);
            }
            Assert.That(tally.ToSample(500).Values, Is.EqualTo(500));
        }
    }

    private static ScannedColumn Place(string column, TextStructure structure) => new(new SampledTable("", "public", "t", TableKind.Table, []), new(column, "text", structure));

    private static ColumnSample Tally(string column, TextStructure structure, params string[] values)
    {
        var tally = new ColumnTally(Place(column, structure), 50, new DetectionScratch());
        foreach (var value in values)
            tally.Add(Encoding.UTF8.GetBytes(value));
        return tally.ToSample(values.Length);
    }
}
