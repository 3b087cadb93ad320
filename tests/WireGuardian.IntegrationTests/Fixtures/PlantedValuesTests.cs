using System.Security.Cryptography;
using System.Text;
using WireGuardian.Testing.Leaks;

namespace WireGuardian.IntegrationTests.Fixtures;

/// <summary>The leak suites are worth what this search finds: every disguise is found, and nothing in what is harmless.</summary>
[TestFixture]
public sealed class PlantedValuesTests
{
    private const string Value = "Zq7kx-Planted@quetzal.example";

    private static readonly PlantedValues Planted = new([Value], [918273.64m], "select name from example");

    private static readonly (string Name, byte[] Bytes)[] Forms =
    [
        ("itself", Bytes(Value)),
        ("upper", Bytes(Value.ToUpperInvariant())),
        ("lower", Bytes(Value.ToLowerInvariant())),
        ("reversed", Bytes(Reversed(Value))),
        ("its first five characters", Bytes(Value[..5])),
        ("five characters of its middle", Bytes(Value[8..13])),
        ("its last characters but for harmless ones", Bytes(Value[13..24])),
        ("hex", Bytes(Convert.ToHexStringLower(Bytes(Value)))),
        ("hex in capitals", Bytes(Convert.ToHexString(Bytes(Value)))),
        ("a piece in hex", Bytes(Convert.ToHexString(Bytes(Value[..5])))),
        ("reversed hex", Bytes(Convert.ToHexStringLower(Bytes(Reversed(Value))))),
        ("spaced hex", Bytes(string.Join(' ', Bytes(Value).Select(one => $"{one:X2}")))),
        ("base64", Bytes(Convert.ToBase64String(Bytes(Value)))),
        ("base64 of its beginning", Bytes(Convert.ToBase64String(Bytes(Value[..12])))),
        ("base64 in lines", Bytes(Convert.ToBase64String(Bytes(new string('x', 50) + Value), Base64FormattingOptions.InsertLineBreaks))),
        ("base64 behind one byte", Bytes(Convert.ToBase64String(Bytes("x" + Value)))),
        ("base64 behind two bytes", Bytes(Convert.ToBase64String(Bytes("xy" + Value)))),
        ("base64 of upper", Bytes(Convert.ToBase64String(Bytes(Value.ToUpperInvariant())))),
        ("md5", Bytes("7878c037d2e597586c5f1d0b8a8afc13")),
        ("md5 of lower", Bytes("C4D95AD3513461CDC3594482EC6950C8")),
        ("sha1", Bytes("880f5af5de249f90678be778eef90a4c4f0f32a8")),
        ("sha256", Bytes("f961db0f3aa7711d6f2c5ae00e97474d33b965dcf81628471012f38d93dc3eb5")),
        ("sha256 as bytes", SHA256.HashData(Bytes(Value))),
        ("sha512 in base64", Bytes(Convert.ToBase64String(SHA512.HashData(Bytes(Value))))),
        ("url", Bytes(Uri.EscapeDataString(Value))),
        ("url of every byte", Bytes(string.Concat(Bytes(Value).Select(one => $"%{one:X2}")))),
        ("quoted-printable", Bytes(string.Concat(Bytes(Value).Select(one => $"={one:X2}")))),
        ("soft line breaks", Bytes(string.Join("=\r\n", Value.Chunk(3).Select(chunk => new string(chunk))))),
        ("utf-16 little-endian", Encoding.Unicode.GetBytes(Value)),
        ("utf-16 big-endian", Encoding.BigEndianUnicode.GetBytes(Value)),
        ("spaced", Bytes(string.Join(' ', Value.ToCharArray()))),
        ("an array of characters", Bytes($"{{{string.Join(',', Value.ToCharArray())}}}")),
        ("json escapes", Bytes(string.Concat(Value.Select(character => $"\\u{(int)character:x4}")))),
        ("octal escapes", Bytes(string.Concat(Bytes(Value).Select(one => "\\" + Convert.ToString(one, 8).PadLeft(3, '0'))))),
        ("bits", Bytes(string.Concat(Bytes(Value).Select(one => Convert.ToString(one, 2).PadLeft(8, '0'))))),
        ("codes", Bytes(string.Join(", ", Bytes(Value)))),
        ("a number", Bytes("918273.64")),
        ("a rounded number", Bytes("918273")),
        ("a reversed number", Bytes("46.372819")),
        ("money", Bytes("$918,273.64")),
        ("a number in bits", Bytes("00000000000011100000001100000001")),
        ("a number in hex", Bytes(Convert.ToHexString(Bytes("918273.64")))),
        ("int4", [0, 0x0E, 0x03, 0x01]),
        ("int4 rounded up", [0, 0x0E, 0x03, 0x02]),
        ("float8", [.. BitConverter.GetBytes(918273.64).Reverse()]),
        ("float4", [.. BitConverter.GetBytes(918273.64f).Reverse()]),
        ("numeric", [0, 3, 0, 1, 0, 0, 0, 2, 0, 91, 0x20, 0x51, 0x19, 0]),
    ];

    [Test]
    public void A_planted_value_is_found_in_every_disguise([ValueSource(nameof(Names))] string name)
    {
        var form = Forms.Single(one => one.Name == name).Bytes;
        Assert.That(Planted.FoundIn(form), Is.Not.Empty);
        Assert.That(Planted.FoundIn([.. "some \0words: "u8, .. form, .. " and others"u8]), Is.Not.Empty, "among other bytes");
    }

    [TestCase("SELECT name, 'Example' FROM example")]
    [TestCase("a***@example ***************** 0 1970-01-01")]
    [TestCase("Zq7k")]
    [TestCase("91827")]
    public void What_is_harmless_shows_nothing(string text) => Assert.That(Planted.FoundIn(Bytes(text)), Is.Empty);

    [Test]
    public void Random_bytes_show_nothing()
    {
        var random = new Random(5);
        var bytes = new byte[4096];
        for (var round = 0; round < 50; round++)
        {
            random.NextBytes(bytes);
            Assert.That(Planted.FoundIn(bytes), Is.Empty);
            Assert.That(Planted.FoundIn(Bytes(Convert.ToBase64String(bytes))), Is.Empty);
            Assert.That(Planted.FoundIn(Bytes(Convert.ToHexString(bytes))), Is.Empty);
        }
    }

    private static IEnumerable<string> Names() => Forms.Select(form => form.Name);

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static string Reversed(string text) => new([.. text.Reverse()]);
}
