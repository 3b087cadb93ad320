using System.Text;
using WireGuardian.Core.Detection;
using WireGuardian.Core.Detection.Structure;
using WireGuardian.Core.Masking.Values;
using WireGuardian.Core.Policies;

namespace WireGuardian.Core.Tests.Detection;

public sealed class WindowedDetectionTests
{
    private static readonly DetectionRule Rule = new() { Name = "everything" };

    private readonly DetectionScratch _scratch = new();

    // Each a little further, so that every border of windows and pieces cuts something everywhere.
    [TestCase(1)]
    [TestCase(7)]
    [TestCase(1000)]
    [TestCase(16384)]
    [TestCase(100_000)]
    public void In_pieces_of_any_size_the_same_is_masked_as_in_one(int pieceSize)
    {
        var text = new StringBuilder();
        for (var i = 0; text.Length < 60_000; i++)
            text.Append(new string('x', i % 50)).Append(" alice@example.com ").Append("4111 1111 1111 1111, ").Append("born 1980-05-17 ");
        var bytes = Encoding.UTF8.GetBytes(text.ToString());
        var expected = bytes.ToArray();
        new DetectionMask(Rule, TextStructure.Plain, default).Apply(expected, _scratch);
        Assert.That(Encoding.UTF8.GetString(expected), Does.Not.Contain("@"));
        Assert.That(Encoding.UTF8.GetString(Mask(Rule, TextStructure.Plain, bytes, pieceSize)), Is.EqualTo(Encoding.UTF8.GetString(expected)));
    }

    [Test]
    public void Every_place_of_a_border_is_the_same()
    {
        const string secret = "4111 1111 1111 1111";
        var border = WindowedDetection.WindowSize - WindowedDetection.Overlap;
        for (var start = border - 25; start < border + 3; start++)
        {
            var text = new string('x', start - 1) + " " + secret + " " + new string('y', 20_000);
            var masked = Encoding.UTF8.GetString(Mask(Rule, TextStructure.Plain, Encoding.UTF8.GetBytes(text), 4000));
            Assert.That(masked, Is.EqualTo(text.Replace(secret, new string('*', secret.Length))), $"{start}");
        }
    }

    [TestCase(100)]
    [TestCase(12_000)]
    [TestCase(16_300)]
    public void A_token_longer_than_a_window_is_masked_to_its_end(int before)
    {
        var token = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJz" + new string('d', 50_000) + ".c2ln";
        var text = new string('x', before) + " " + token + " after";
        var masked = Encoding.UTF8.GetString(Mask(Rule, TextStructure.Plain, Encoding.UTF8.GetBytes(text), 5000));
        Assert.That(masked, Is.EqualTo(new string('x', before) + " " + new string('*', token.Length) + " after"));
    }

    [Test]
    public void A_key_longer_than_a_window_is_masked_to_its_end_wherever_that_lies()
    {
        for (var length = WindowedDetection.WindowSize - 120; length < WindowedDetection.WindowSize + 20; length += 3)
        {
            var key = "-----BEGIN PRIVATE KEY-----\n" + new string('M', length) + "\n-----END PRIVATE KEY-----";
            var masked = Encoding.UTF8.GetString(Mask(Rule, TextStructure.Plain, Encoding.UTF8.GetBytes(key + "\nafter"), 4096));
            Assert.That(masked, Is.EqualTo(new string('*', key.Length) + "\nafter"), $"{length}");
        }
    }

    [Test]
    public void A_key_without_an_end_is_masked_to_the_end_of_the_value()
    {
        var key = Encoding.UTF8.GetBytes("-----BEGIN PRIVATE KEY-----\n" + new string('M', 50_000));
        Assert.That(Mask(Rule, TextStructure.Plain, key, 4096), Is.All.EqualTo((byte)'*'));
    }

    [Test]
    public void Escapes_of_json_are_undone_and_numbers_stay_numbers()
    {
        for (var pad = 0; pad < 14; pad++)
        {
            var part = """{"a":"alice\u0040example.com","n":4111111111111111,"t":"x\\y"},""";
            var masked = """{"a":"**********************","n":1111111111111111,"t":"x\\y"},""";
            var json = new string(' ', pad) + "[" + string.Concat(Enumerable.Repeat(part, 1000)) + "1]";
            var result = Encoding.UTF8.GetString(Mask(Rule, TextStructure.Json, Encoding.UTF8.GetBytes(json), 3000));
            Assert.That(() => System.Text.Json.JsonDocument.Parse(result), Throws.Nothing, $"{pad}");
            Assert.That(result, Is.EqualTo(json.Replace(part, masked)), $"{pad}");
        }
    }

    [Test]
    public void Where_whole_values_are_masked_nothing_follows_a_finding()
    {
        var text = new string('x', 30_000) + " a@b.co " + new string('y', 30_000);
        var masked = Encoding.UTF8.GetString(Mask(Rule with { Mask = DetectionMaskKind.Value }, TextStructure.Plain, Encoding.UTF8.GetBytes(text), 4096));
        Assert.That(masked, Is.EqualTo(new string('x', 30_000) + " " + new string('*', 30_007)));
        Assert.That(Encoding.UTF8.GetString(Mask(Rule with { Observe = true }, TextStructure.Plain, Encoding.UTF8.GetBytes(text), 4096)), Is.EqualTo(text));
    }

    [Test]
    public void One_value_leaves_nothing_behind_for_the_next()
    {
        var detection = new WindowedDetection(Rule, TextStructure.Plain);
        var output = new MaskOutput();
        detection.Add(Encoding.UTF8.GetBytes("-----BEGIN PRIVATE KEY-----" + new string('M', 50_000)), isLast: true, output, _scratch);
        output.Clear();
        detection.Add("alice"u8, isLast: true, output, _scratch);
        detection.Add([], isLast: true, output, _scratch);
        detection.Add("@example.com x"u8, isLast: true, output, _scratch);
        Assert.That(Encoding.UTF8.GetString(output.Written), Is.EqualTo("alice@example.com x"));
    }

    private byte[] Mask(DetectionRule rule, TextStructure structure, byte[] text, int pieceSize)
    {
        var detection = new WindowedDetection(rule, structure);
        var output = new MaskOutput();
        var held = 0;
        for (var at = 0; at < text.Length; at += pieceSize)
        {
            var piece = text.AsSpan(at, Math.Min(pieceSize, text.Length - at));
            detection.Add(piece, at + piece.Length == text.Length, output, _scratch);
            held = Math.Max(held, at + piece.Length - output.Length);
        }
        Assert.That(held, Is.LessThanOrEqualTo(WindowedDetection.WindowSize));
        Assert.That(output.Length, Is.EqualTo(text.Length));
        return output.Written.ToArray();
    }
}
