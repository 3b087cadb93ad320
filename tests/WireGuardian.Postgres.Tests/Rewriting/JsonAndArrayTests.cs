using System.Text;
using System.Text.Json;
using WireGuardian.Core.Masking;
using static WireGuardian.Postgres.Tests.Rewriting.Masking;

namespace WireGuardian.Postgres.Tests.Rewriting;

public sealed class JsonAndArrayTests
{
    [TestCase("""{"a": "secret", "b": [1, -2.5e3, true, false, null]}""", """{"a": "******", "b": [0, 0, false, false, null]}""")]
    [TestCase("\"x\\\"y\\u00e9\\ud83d\\ude00\\n\"", "\"**********\"")]
    [TestCase("\"\\ud800\"", "\"***\"")]
    [TestCase("\"\"", "\"\"")]
    [TestCase(" 42 ", " 0 ")]
    [TestCase("null", "null")]
    [TestCase("{}", "{}")]
    [TestCase("""{"k\"ey":{"deep":["v"]}}""", """{"k\"ey":{"deep":["*"]}}""")]
    public void Every_scalar_of_json_is_masked_and_keys_stay(string value, string expected)
    {
        Assert.That(Text(MaskKind.Redact, 114, value), Is.EqualTo(expected));
        Assert.That(Text(MaskKind.Partial, 3802, value), Is.EqualTo(expected));
        Assert.That(
            Apply(MaskKind.Email, Type(3802), binary: true, [1, .. Encoding.UTF8.GetBytes(value)]),
            Is.EqualTo((byte[])[1, .. Encoding.UTF8.GetBytes(expected)]));
    }

    /// <summary><c>json_object_agg(ssn, id)</c>: what is a key there was a value.</summary>
    [TestCase("""{"canary": 7}""", """{"******": 0}""")]
    [TestCase("""{ "ca\"ry" : {"deep" :["v", {"k":null}]},"é":true}""", """{ "*****" : {"****" :["*", {"*":null}]},"**":false}""")]
    public void Keys_of_what_a_statement_has_put_together_are_masked(string value, string expected)
    {
        Assert.That(Apply(MaskKind.Redact, Type(114), binary: false, Encoding.UTF8.GetBytes(value), isDerived: true), Is.EqualTo(Encoding.UTF8.GetBytes(expected)));
        Assert.That(
            Apply(MaskKind.Redact, Type(3802), binary: true, [1, .. Encoding.UTF8.GetBytes(value)], isDerived: true), Is.EqualTo((byte[])[1, .. Encoding.UTF8.GetBytes(expected)]));
    }

    [Test]
    public void Keys_inside_of_arrays_are_masked_too() => Assert.That(
        Apply(MaskKind.Redact, Type(199), binary: false, Encoding.UTF8.GetBytes("""{"{\"canary\": 1}"}"""), isDerived: true), Is.EqualTo(Encoding.UTF8.GetBytes("""{"{\"******\": 0}"}""")));

    [TestCase("")]
    [TestCase("{")]
    [TestCase("\"open")]
    [TestCase("{\"a\":secret}")]
    [TestCase("[1]2")]
    [TestCase("secret")]
    public void What_is_no_json_becomes_null(string value) => Assert.That(Text(MaskKind.Redact, 114, value), Is.Null);

    [Test]
    public void Deep_json_is_masked_and_deeper_than_the_limit_becomes_null()
    {
        Assert.That(Text(MaskKind.Redact, 114, Nested(6_000)), Is.EqualTo(Nested(6_000).Replace('7', '0')));
        Assert.That(Text(MaskKind.Redact, 114, Nested(30_000)), Is.Null);

        static string Nested(int depth) => new string('[', depth) + "7" + new string(']', depth);
    }

    [Test]
    public void Hash_of_json_masks_strings_and_numbers_by_their_value()
    {
        using var masked = JsonDocument.Parse(Text(MaskKind.Hash, 114, "[\"é\", \"\\u00E9\", 1.50, 1.5, true, \"alice\"]")!);
        var items = masked.RootElement.EnumerateArray().ToArray();
        Assert.That(items[0].GetString(), Is.EqualTo(items[1].GetString()));
        Assert.That(items[2].GetInt64(), Is.EqualTo(items[3].GetInt64()).And.GreaterThanOrEqualTo(0));
        Assert.That(items[4].GetBoolean(), Is.False);
        Assert.That(items[5].GetString(), Is.EqualTo(Text(MaskKind.Hash, 25, "alice")));
    }

    [TestCase(1009u, "{}", "{}")]
    [TestCase(1009u, "{ab,NULL,\"c d\",\"q\\\"\\\\\",\"\",\"NULL\"}", "{**,NULL,***,***,\"\",****}")]
    [TestCase(1009u, "{{a,b},{c,d}}", "{{*,*},{*,*}}")]
    [TestCase(1009u, "[0:1]={a,b}", "[0:1]={*,*}")]
    [TestCase(1009u, "[-1:0][2:2]={{a},{b}}", "[-1:0][2:2]={{*},{*}}")]
    [TestCase(1007u, "{1,NULL,-33}", "{0,NULL,0}")]
    [TestCase(1000u, "{t,f}", "{f,f}")]
    [TestCase(1115u, "{\"2020-02-02 01:02:03\"}", "{\"1970-01-01 00:00:00\"}")]
    [TestCase(199u, "{\"{\\\"a\\\": \\\"b\\\"}\"}", "{\"{\\\"a\\\": \\\"*\\\"}\"}")]
    [TestCase(1001u, "{\"\\\\xdead\"}", "{\"\\\\x0000\"}")]
    [TestCase(1003u, "{null_and_void}", "{*************}")]
    public void Every_element_of_an_array_literal_is_masked(uint oid, string value, string expected) =>
        Assert.That(Text(MaskKind.Redact, oid, value), Is.EqualTo(expected));

    [TestCase(1009u, "")]
    [TestCase(1009u, "secret")]
    [TestCase(1009u, "{secret")]
    [TestCase(1009u, "{\"secret")]
    [TestCase(1009u, "{\"secret\\")]
    [TestCase(1009u, "{a}secret")]
    [TestCase(1009u, "{a{b}}")]
    [TestCase(1009u, "{\"a\"b}")]
    [TestCase(1009u, "{,}")]
    [TestCase(1009u, "[secret]={a}")]
    [TestCase(1009u, "}{")]
    [TestCase(143u, "{<a/>}")]
    [TestCase(1020u, "{(2,2),(1,1);(4,4),(3,3)}")]
    [TestCase(2277u, "{secret}")]
    public void What_is_no_array_literal_becomes_null(uint oid, string value) =>
        Assert.That(Text(MaskKind.Redact, oid, value), Is.Null);

    [Test]
    public void An_array_of_hashes_holds_the_hashes_of_its_elements()
    {
        var a = Text(MaskKind.Hash, 25, "a b");
        Assert.That(Text(MaskKind.Hash, 1009, "{\"a b\",NULL}"), Is.EqualTo($"{{{a},NULL}}"));
    }

    [Test]
    public void Elements_of_a_binary_array_are_masked_and_may_change_their_length()
    {
        // Two texts, "ab" and NULL.
        const string header = "00000001 00000001 00000019 00000002 00000001";
        Assert.That(
            Binary(MaskKind.Redact, 1009, header + "00000002 6162 ffffffff"),
            Is.EqualTo((header + "00000002 2a2a ffffffff").Replace(" ", "")));
        var hash = Convert.ToHexStringLower(Encoding.ASCII.GetBytes(Text(MaskKind.Hash, 25, "ab")!));
        Assert.That(
            Binary(MaskKind.Hash, 1009, header + "00000002 6162 ffffffff"),
            Is.EqualTo((header + "00000040" + hash + "ffffffff").Replace(" ", "")));
    }

    [Test]
    public void A_binary_array_whose_element_becomes_null_says_that_it_has_one() => Assert.That(
        Binary(MaskKind.Redact, 1007, "00000001 00000000 00000017 00000001 00000001 00000002 0005"),
        Is.EqualTo("000000010000000100000017" + "0000000100000001" + "ffffffff"));

    [TestCase("00000001 00000000 00000017 00000002 00000001 00000004 00000005")]
    [TestCase("00000001 00000000 00000017 00000001 00000001 00000004 00000005 ff")]
    [TestCase("00000001 00000000 00000017 7fffffff 00000001")]
    [TestCase("00000006 00000000 00000017 7fffffff 00000001 7fffffff 00000001 7fffffff 00000001 7fffffff 00000001 7fffffff 00000001 7fffffff 00000001")]
    [TestCase("00000001 00000000 00000017 ffffffff 00000001")]
    [TestCase("00000001 00000000 00000017 00000001 00000001 80000000")]
    public void A_malformed_binary_array_becomes_null(string hex) => Assert.That(Binary(MaskKind.Redact, 1007, hex), Is.Null);

    [Test]
    public void An_empty_binary_array_stays() => Assert.That(
        Binary(MaskKind.Hash, 1007, "00000000 00000000 00000017"),
        Is.EqualTo("000000000000000000000017"));
}
