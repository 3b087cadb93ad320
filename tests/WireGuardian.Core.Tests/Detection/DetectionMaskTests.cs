using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using WireGuardian.Core.Detection;
using WireGuardian.Core.Detection.Structure;
using WireGuardian.Core.Policies;

namespace WireGuardian.Core.Tests.Detection;

public sealed class DetectionMaskTests
{
    private static readonly DetectionRule Rule = new() { Name = "everything" };

    private readonly DetectionScratch _scratch = new();

    [TestCase("call alice@example.com now", "call ***************** now")]
    [TestCase("https://user:pass@example.com/x", "https://*********@example.com/x")]
    [TestCase("7,\"alice@example.com\",x", "7,\"*****************\",x")]
    [TestCase("nothing here", "nothing here")]
    [TestCase("{\"a\":\"x\\u0040example.com\"}", "{\"a\":\"******************\"}")]
    [TestCase("", "")]
    [TestCase("{\"card\": 4111111111111111, \"m\": [\"a@b.co\", true, null]}", "{\"card\": 0               , \"m\": [\"******\", true, null]}")]
    [TestCase("[4111111111111111]", "[0               ]")]
    [TestCase("[4111 1111 1111 1111]", "[*******************]")]
    [TestCase("[alice@example.com]", "[*****************]")]
    [TestCase("{\"a\": \"x\", 4111111111111111", "{\"a\": \"x\", ****************")]
    [TestCase("{\"a\" 4111111111111111}", "{\"a\" ****************}")]
    [TestCase("{\"a\\", "{\"a\\")]
    public void Of_plain_text_only_what_is_found_changes(string text, string expected) => Check(TextStructure.Plain, text, expected);

    [TestCase("""{"mail": "alice@example.com", "n": 1}""", """{"mail": "*****************", "n": 1}""")]
    [TestCase("""{"mail":"alice\u0040example.com"}""", """{"mail":"**********************"}""")]
    [TestCase("""{"u":"see https:\/\/user:pass@h.example\/x"}""", """{"u":"see https:\/\/*********@h.example\/x"}""")]
    [TestCase("""{"alice@example.com": true}""", """{"*****************": true}""")]
    [TestCase("""{"ssn": "536904399", "id": "536904399"}""", """{"ssn": "*********", "id": "536904399"}""")]
    [TestCase("""{"ssn": 536904399, "id": 536904399}""", """{"ssn": 0        , "id": 536904399}""")]
    [TestCase("""[4111111111111111,5500000000000004]""", """[0               ,0               ]""")]
    [TestCase("""{"n": 12345.678901234, "e": 1e100}""", """{"n": 12345.678901234, "e": 1e100}""")]
    [TestCase("""{"password":"a\"b\\c d"}""", """{"password":"*********"}""")]
    [TestCase("""{"password":"x y z","p":"x y z"}""", """{"password":"*****","p":"x y z"}""")]
    [TestCase("""{"phones":["4155550123","4155550124"],"total":"4155550123"}""", """{"phones":["**********","**********"],"total":"4155550123"}""")]
    [TestCase("""{"t":"line\n4111111111111111"}""", """{"t":"line\n****************"}""")]
    [TestCase("""{"t":"😀 \ud83d\ude00 a@b.co é"}""", """{"t":"😀 \ud83d\ude00 ****** é"}""")]
    [TestCase("""{"k":"-----BEGIN PRIVATE KEY-----\nMII\n-----END PRIVATE KEY-----\n"}""", """{"k":"***********************************************************\n"}""")]
    public void Json_stays_json(string text, string expected)
    {
        Check(TextStructure.Json, text, expected);
        Assert.That(() => JsonDocument.Parse(expected), Throws.Nothing);
    }

    [TestCase("{alice@example.com,x}", "{*****************,x}")]
    [TestCase("""{"a \"b\" alice\@example.com",NULL}""", """{"a \"b\" ******************",NULL}""")]
    [TestCase("[1:2]={4111111111111111,5500000000000004}", "[1:2]={****************,****************}")]
    [TestCase("{{a,b},{c@d.ee,\"536-90-4399\"}}", "{{a,b},{******,\"***********\"}}")]
    public void Arrays_stay_arrays(string text, string expected) => Check(TextStructure.Array, text, expected);

    [TestCase(""" "mail"=>"a@b.co", "ssn"=>"536904399", "id"=>"536904399", "x"=>NULL""", """ "mail"=>"******", "ssn"=>"*********", "id"=>"536904399", "x"=>NULL""")]
    public void Hstore_stays_hstore(string text, string expected) => Check(TextStructure.Hstore, text, expected);

    [TestCase("<p><id>536904399</id><ssn>536904399</ssn></p>", "<p><id>536904399</id><ssn>*********</ssn></p>")]
    [TestCase("<p mail=\"alice&#64;example.com\">a &amp; b</p>", "<p mail=\"*********************\">a &amp; b</p>")]
    [TestCase("<p>alice&#x40;example.com &bogus; &#xFFFFFF; &#;</p>", "<p>********************** &bogus; &#xFFFFFF; &#;</p>")]
    public void Xml_stays_xml(string text, string expected)
    {
        Check(TextStructure.Xml, text, expected);
        if (!text.Contains("&bogus;"))
            Assert.That(() => XDocument.Parse(expected), Throws.Nothing);
    }

    [Test]
    public void A_columns_name_says_what_its_values_are()
    {
        var value = "536904399"u8.ToArray();
        Assert.That(new DetectionMask(Rule, TextStructure.Plain, "id"u8).Apply(value, _scratch), Is.EqualTo(DetectionOutcome.Unchanged));
        Assert.That(new DetectionMask(Rule, TextStructure.Plain, "ssn"u8).Apply(value, _scratch), Is.EqualTo(DetectionOutcome.SpansMasked));
        Assert.That(Encoding.UTF8.GetString(value), Is.EqualTo("*********"));
        var password = "ab1!"u8.ToArray();
        Assert.That(new DetectionMask(Rule, TextStructure.Plain, "password"u8).Apply(password, _scratch), Is.EqualTo(DetectionOutcome.SpansMasked));
    }

    [TestCase(TextStructure.Plain)]
    [TestCase(TextStructure.Json)]
    public void A_rule_may_want_the_whole_value_masked_or_nothing_changed(TextStructure structure)
    {
        var text = "{\"a\":\"x\\u0040example.com\", \"b\": 4111111111111111, \"c\": \"a@b.co\"}"u8.ToArray();
        var copy = text.ToArray();
        var whole = new DetectionMask(Rule with { Mask = DetectionMaskKind.Value }, structure, default);
        Assert.That(whole.Apply(copy, _scratch), Is.EqualTo(DetectionOutcome.MaskWhole));
        Assert.That(copy, Is.EqualTo(text));
        _scratch.Reset();
        var observing = new DetectionMask(Rule with { Observe = true }, structure, default);
        Assert.That(observing.Apply(copy, _scratch), Is.EqualTo(DetectionOutcome.Unchanged));
        Assert.That(copy, Is.EqualTo(text));
        Assert.That(_scratch.CountOf(Detector.EmailAddress), Is.GreaterThanOrEqualTo(2));
        Assert.That(_scratch.CountOf(Detector.CreditCard), Is.Positive);
        Assert.That(_scratch.CountOf(Detector.UsSsn), Is.Zero);
    }

    [TestCase(TextStructure.Plain)]
    [TestCase(TextStructure.Json)]
    [TestCase(TextStructure.Array)]
    [TestCase(TextStructure.Hstore)]
    [TestCase(TextStructure.Xml)]
    public void Any_bytes_give_a_result(TextStructure structure)
    {
        var random = new Random(5);
        var mask = new DetectionMask(Rule, structure, default);
        string[] parts = ["\"", "\\", "\\u0040", "\\ud83d", "{", "}", ":", ",", "a@b.co", "4111111111111111", "=>", "&#64;", "&", ";", "ssn", "password", "1", " ", "\u00e9", "<", ">", "[", "]"];
        for (var round = 0; round < 20_000; round++)
        {
            var text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, random.Next(20)).Select(_ => parts[random.Next(parts.Length)])));
            Assert.That(() => mask.Apply(text, _scratch), Throws.Nothing);
        }
    }

    [TestCase(TextStructure.Plain, "a@b.co ", "", "")]
    [TestCase(TextStructure.Json, "\"a\\u0040b.co\",", "[", "1]")]
    public void Thousands_of_findings_are_all_masked(TextStructure structure, string part, string before, string after)
    {
        var text = Encoding.UTF8.GetBytes(before + string.Concat(Enumerable.Repeat(part, 2000)) + after);
        _scratch.Reset();
        Assert.That(new DetectionMask(Rule, structure, default).Apply(text, _scratch), Is.EqualTo(DetectionOutcome.SpansMasked));
        Assert.That(text, Does.Not.Contain((byte)'@').And.Not.Contain((byte)'\\').And.Not.Contain((byte)'b'));
        Assert.That(_scratch.CountOf(Detector.EmailAddress), Is.EqualTo(2000));
        _scratch.Reset();
    }

    [Test]
    public void Thousands_of_numbers_in_a_row_are_all_masked()
    {
        var text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("5555555555554444 ", 2000)));
        Assert.That(new DetectionMask(Rule, TextStructure.Plain, default).Apply(text, _scratch), Is.EqualTo(DetectionOutcome.SpansMasked));
        Assert.That(text, Does.Not.Contain((byte)'5').And.Not.Contain((byte)'4'));
    }

    [Test]
    public void Thousands_of_findings_in_one_escaped_text_are_all_masked()
    {
        var text = Encoding.UTF8.GetBytes("[\"" + string.Concat(Enumerable.Repeat("a\\u0040b.co ", 2000)) + "\"]");
        Assert.That(new DetectionMask(Rule, TextStructure.Json, default).Apply(text, _scratch), Is.EqualTo(DetectionOutcome.SpansMasked));
        Assert.That(text, Does.Not.Contain((byte)'\\').And.Not.Contain((byte)'b'));
    }

    [Test]
    public void An_empty_value_is_none_whatever_its_name([Values] TextStructure structure) =>
        Assert.That(new DetectionMask(Rule, structure, "password"u8).Apply([], _scratch), Is.EqualTo(DetectionOutcome.Unchanged));

    [Test]
    public void Nothing_is_allocated_per_value()
    {
        var mask = new DetectionMask(Rule, TextStructure.Json, default);
        var text = Encoding.UTF8.GetBytes("""{"mail":"alice\u0040example.com","ssn":536904399,"t":"4111 1111 1111 1111"}""");
        var copy = new byte[text.Length];
        Apply();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < 100; round++)
            Apply();
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);

        void Apply()
        {
            text.CopyTo(copy, 0);
            mask.Apply(copy, _scratch);
        }
    }

    private void Check(TextStructure structure, string text, string expected)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var outcome = new DetectionMask(Rule, structure, default).Apply(bytes, _scratch);
        Assert.That(Encoding.UTF8.GetString(bytes), Is.EqualTo(expected));
        Assert.That(outcome, Is.EqualTo(text == expected ? DetectionOutcome.Unchanged : DetectionOutcome.SpansMasked));
    }
}
