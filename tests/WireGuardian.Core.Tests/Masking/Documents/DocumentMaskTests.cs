using System.Text;
using WireGuardian.Core.Masking.Documents;
using WireGuardian.Core.Masking.Values;

namespace WireGuardian.Core.Tests.Masking.Documents;

/// <summary>What is left of documents, by place and mask.</summary>
[TestFixture]
public sealed class DocumentMaskTests
{
    private const string Ada = """{ "name": "Ada", "contact" : {"email":"ada@example.com", "phones": ["+4912345678", "x"] },"age": 36, "on":true, "n":null }""";

    [TestCase("->'contact'->>'email'=redact", """{ "name": "Ada", "contact" : {"email":"***************", "phones": ["+4912345678", "x"] },"age": 36, "on":true, "n":null }""")]
    [TestCase("->'contact'->>'email'=email", """{ "name": "Ada", "contact" : {"email":"a***@com", "phones": ["+4912345678", "x"] },"age": 36, "on":true, "n":null }""")]
    [TestCase("->'contact'->>'email'=partial", """{ "name": "Ada", "contact" : {"email":"***********.com", "phones": ["+4912345678", "x"] },"age": 36, "on":true, "n":null }""")]
    [TestCase("->'contact'->>'email'=null", """{ "name": "Ada", "contact" : {"email":null, "phones": ["+4912345678", "x"] },"age": 36, "on":true, "n":null }""")]
    [TestCase("->'contact'->'phones'->0=redact", """{ "name": "Ada", "contact" : {"email":"ada@example.com", "phones": ["***********", "x"] },"age": 36, "on":true, "n":null }""")]
    [TestCase("->'contact'->'phones'->*=redact", """{ "name": "Ada", "contact" : {"email":"ada@example.com", "phones": ["***********", "*"] },"age": 36, "on":true, "n":null }""")]
    [TestCase("->*->'email'=redact", """{ "name": "Ada", "contact" : {"email":"***************", "phones": ["+4912345678", "x"] },"age": 36, "on":true, "n":null }""")]
    [TestCase("->**.email=redact", """{ "name": "Ada", "contact" : {"email":"***************", "phones": ["+4912345678", "x"] },"age": 36, "on":true, "n":null }""")]
    [TestCase("->'contact'=redact", """{ "name": "Ada", "contact" : {"email":"***************", "phones": ["***********", "*"] },"age": 36, "on":true, "n":null }""")]
    [TestCase("->'contact'=partial", """{ "name": "Ada", "contact" : {"email":"***************", "phones": ["***********", "*"] },"age": 36, "on":true, "n":null }""")]
    [TestCase("->'contact'=null", """{ "name": "Ada", "contact" : null,"age": 36, "on":true, "n":null }""")]
    [TestCase("->'age'=redact", """{ "name": "Ada", "contact" : {"email":"ada@example.com", "phones": ["+4912345678", "x"] },"age": 0, "on":true, "n":null }""")]
    [TestCase("->'on'=redact", """{ "name": "Ada", "contact" : {"email":"ada@example.com", "phones": ["+4912345678", "x"] },"age": 36, "on":false, "n":null }""")]
    [TestCase("->'on'=null", """{ "name": "Ada", "contact" : {"email":"ada@example.com", "phones": ["+4912345678", "x"] },"age": 36, "on":null, "n":null }""")]
    [TestCase("->'n'=redact", Ada)]
    [TestCase("->'NAME'=redact", Ada)]
    [TestCase("->0=redact", Ada)]
    public void One_place_changes_and_the_rest_does_not(string place, string left) => Assert.That(Documents.Mask(Ada, Documents.Places(place)), Is.EqualTo(left));

    [TestCase("""{"\u0065mail":"x", "\u0065\u006d\u0061\u0069\u006c":"y"}""", """{"\u0065mail":"*", "\u0065\u006d\u0061\u0069\u006c":"*"}""")]
    [TestCase("""{"email":"a","email":"b"}""", """{"email":"*","email":"*"}""")]
    [TestCase("""{"email\u0000":"a","emai":"b","emaill":"c","Email":"d"}""", """{"email\u0000":"a","emai":"b","emaill":"c","Email":"d"}""")]
    [TestCase("""{"x":"{\"email\":\"a\"}"}""", """{"x":"{\"email\":\"a\"}"}""")]
    [TestCase("""{"email":"\"\u00e9\n"}""", """{"email":"****"}""")]
    [TestCase("""{"email":""}""", """{"email":""}""")]
    [TestCase("""[{"email":1.5e3}]""", """[{"email":0}]""")]
    [TestCase("""{"email":{"email":[true,{"a":"b"}]}}""", """{"email":{"email":[false,{"a":"*"}]}}""")]
    [TestCase("\"email\"", "\"email\"")]
    [TestCase(" 12 ", " 12 ")]
    public void A_key_is_found_at_any_depth_by_what_it_spells(string document, string left) =>
        Assert.That(Documents.Mask(document, Documents.Places("->**.email=redact")), Is.EqualTo(left));

    [Test]
    public void The_first_place_decides_where_two_meet()
    {
        const string Document = """{"a":{"b":"one","c":"two"},"d":"three"}""";
        Assert.That(Documents.Mask(Document, Documents.Places("->'a'->'b'=null", "->'a'=redact")), Is.EqualTo("""{"a":{"b":null,"c":"***"},"d":"three"}"""));
        Assert.That(Documents.Mask(Document, Documents.Places("->'a'=redact", "->'a'->'b'=null")), Is.EqualTo("""{"a":{"b":"***","c":"***"},"d":"three"}"""));
        Assert.That(Documents.Mask(Document, Documents.Places("->'a'->'b'=", "=redact")), Is.EqualTo("""{"a":{"b":"one","c":"***"},"d":"*****"}"""));
        Assert.That(Documents.Mask(Document, Documents.Places("->'a'=", "->**.b=redact")), Is.EqualTo(Document));
        Assert.That(Documents.Mask(Document, Documents.Places("->'a'->'b'=redact", "->'a'=null")), Is.EqualTo("""{"a":null,"d":"three"}"""));
    }

    [Test]
    public void Equal_values_have_equal_tokens_however_they_are_spelled()
    {
        var left = Documents.Mask("""["\u0061b", "ab", 1.0, 1e0]""", Documents.Places("->*=token"))!;
        var parts = left.Trim('[', ']').Split(", ");
        Assert.That(parts[0], Is.EqualTo(parts[1]).And.StartsWith("\"tok_"));
        Assert.That(parts[2], Is.EqualTo(parts[3]).And.Not.EqualTo("1"));
        var text = new byte[] { (byte)'a', (byte)'b' };
        var output = new MaskOutput();
        new KeyedTextMask(Documents.Key, token: true, int.MaxValue, padded: false).Apply(text, output);
        Assert.That(parts[0].Trim('"'), Is.EqualTo(Encoding.UTF8.GetString(output.Written)), "as in a column of text");
    }

    [TestCase("""{"a":"b\"\\\u0001 1234\"\\\t9"}""", """{"a":"*********\"\\\u00099"}""")]
    [TestCase("""{"a":"kärntner straße"}""", """{"a":"************aße"}""")]
    public void The_tail_stays_valid(string document, string left)
    {
        var found = Documents.Mask(document, Documents.Places("->'a'=partial"))!;
        Assert.That(() => System.Text.Json.JsonDocument.Parse(found), Throws.Nothing);
        if (document.Contains('\\'))
            Assert.That(found, Is.EqualTo(left));
        else
            Assert.That(found, Does.EndWith("aße\"}").And.Not.Contain("ä"));
    }

    [TestCase("")]
    [TestCase("nothing")]
    [TestCase("ada@example.com")]
    [TestCase("{\"email\": \"ada\"")]
    [TestCase("{\"email\": \"ada\"} ada")]
    [TestCase("{'email': 'ada'}")]
    [TestCase("{\"email\": \"ada\u0001\"}")]
    [TestCase("{\"email\": \"ada\\x\"}")]
    [TestCase("{\"email\": 01}")]
    [TestCase("{\"email\": 1.}")]
    [TestCase("{\"email\": nul}")]
    [TestCase("{email: 1}")]
    [TestCase("[1,]")]
    [TestCase("[1 2]")]
    [TestCase("{\"a\" 1}")]
    [TestCase("[}")]
    [TestCase("-")]
    public void What_is_no_document_is_masked_as_a_whole(string value)
    {
        var places = Documents.Places("->'email'=null");
        Assert.That(Documents.Mask(value, places), Is.Null);
        Assert.That(Documents.Mask(value, places, DocumentForm.Text), Is.EqualTo(new string('*', value.Length)));
    }

    [TestCase("Ada", "Ada")]
    [TestCase("12", "12")]
    [TestCase("{\"email\":\"a\"}", "{\"email\":\"*\"}")]
    [TestCase("[draft] call Ada", "****************")]
    [TestCase("{", "*")]
    public void What_was_taken_out_as_text_is_a_scalar_or_a_document(string value, string left) =>
        Assert.That(Documents.Mask(value, Documents.Places("->**.email=redact"), DocumentForm.ExtractedText), Is.EqualTo(left));

    [Test]
    public void The_version_of_jsonb_stays()
    {
        var places = Documents.Places("->'a'=email");
        Assert.That(Documents.Mask("\u0001{\"a\":\"ada@example.com\"}", places, DocumentForm.VersionedJson), Is.EqualTo("\u0001{\"a\":\"a***@com\"}"));
        Assert.That(Documents.Mask("\u0002{\"a\":\"ada@example.com\"}", places, DocumentForm.VersionedJson), Is.Null);
        Assert.That(Documents.Mask("", places, DocumentForm.VersionedJson), Is.Null);
    }

    [Test]
    public void Depth_has_a_limit_beyond_which_nothing_is_shown()
    {
        var mask = new DocumentMask(Documents.Places("->**.email=redact"), DocumentForm.Text, Documents.Key);
        var deep = Nested(JsonWalker.DeepestNesting);
        Assert.That(Documents.Mask(mask, deep), Is.EqualTo(deep.Replace("ada", "***", StringComparison.Ordinal)));
        Assert.That(Documents.Mask(mask, Nested(JsonWalker.DeepestNesting + 1)), Does.Not.Contain("ada"));
        Assert.That(Documents.Mask(mask, """{"email":"ada"}"""), Is.EqualTo("""{"email":"***"}"""), "the same mask serves what comes next");

        static string Nested(int depth) => string.Concat(Enumerable.Repeat("[", depth - 1)) + """{"email":"ada"}""" + new string(']', depth - 1);
    }

    [Test]
    public void Many_places_are_followed_at_once()
    {
        var places = Documents.Places([.. Enumerable.Range(0, 50).Select(index => $"->'a'->'k{index}'->'x'=redact")]);
        var document = $"{{\"a\":{{{string.Join(',', Enumerable.Range(0, 60).Select(index => $"\"k{index}\":{{\"x\":\"v\"}}"))}}}}}";
        var left = Documents.Mask(document, places)!;
        Assert.That(left.Count(character => character == '*'), Is.EqualTo(50));
        Assert.That(left, Does.Contain("\"k50\":{\"x\":\"v\"}"));
    }

    [Test]
    public void Nothing_is_allocated_per_document()
    {
        var mask = new DocumentMask(Documents.Places("->**.email=email", "->'age'=hash"), DocumentForm.Json, Documents.Key);
        var document = Encoding.UTF8.GetBytes("""{"age": 36, "contact": {"email": "\u0061da@example.com"}}""");
        var value = document.ToArray();
        var output = new MaskOutput();
        for (var round = 0; round < 3; round++)
        {
            document.CopyTo(value, 0);
            output.Clear();
            mask.Apply(value, output);
        }
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < 1000; round++)
        {
            document.CopyTo(value, 0);
            output.Clear();
            mask.Apply(value, output);
        }
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }
}
