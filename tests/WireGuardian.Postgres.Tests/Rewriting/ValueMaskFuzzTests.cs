using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using WireGuardian.Core.Masking;
using WireGuardian.Postgres.Catalog;
using WireGuardian.Postgres.Rewriting;

namespace WireGuardian.Postgres.Tests.Rewriting;

/// <summary>Any bytes into every mask: no exception, and what comes out reads as a value of the type.</summary>
public sealed class ValueMaskFuzzTests
{
    private const int Rounds = 100;

    private static readonly string[] Seeds =
    [
        "5", "-12.50", "1e300", "NaN", "t", "1987-06-05", "1987-06-05 04:03:02+02", "0044-03-15 BC", "infinity", "1 day", "$1,234.50", "1011",
        "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "192.168.1.5/24", "2001:db8::1", "08:00:2b:01:02:03", "\\xdeadbeef", "a\\\\b\\001",
        "{\"a\":[1,\"x\\u00e9\",true,null]}", "{a,\"b c\",NULL}", "[0:1]={{1,2},{3,4}}", "alice@example.com", "élise@exemple.fr", "",
        "\u0001{\"a\":[1.5,\"x\"]}", "\0\0\0\u0001\0\0\0\0\0\0\0\u0019\0\0\0\u0001\0\0\0\u0001\0\0\0\u0002ab",
        "\0\u0002\0\0\0\0\0\u0001\0\u000c\u0002\u0001", "\u0002\u0018\0\u0004abcd", "\0\0\0\u0005z",
    ];

    private static IEnumerable<TestCaseData<uint>> Types() =>
        PostgresBuiltInTypes.ByOid.Keys.Append(0u).Order().Select(oid => new TestCaseData<uint>(oid));

    [TestCaseSource(nameof(Types))]
    public void Any_bytes_give_a_valid_value_or_null(uint oid)
    {
        var random = new Random((int)oid);
        var type = Masking.Type(oid);
        foreach (var kind in Enum.GetValues<MaskKind>())
        {
            foreach (var binary in (bool[])[false, true])
            {
                for (var round = 0; round < Rounds; round++)
                {
                    var value = Mutate(random);
                    var masked = Masking.Apply(kind, type, binary, value, random.Next(-1, 40), utf8: random.Next(4) != 0);
                    if (masked is not null)
                        Assert.That(IsValid(type, binary, masked), $"{kind} {type.Shape} binary {binary}: {Convert.ToHexString(value)}");
                }
            }
        }
    }

    [TestCaseSource(nameof(Types))]
    public void Any_bytes_in_any_pieces_can_be_streamed(uint oid)
    {
        var random = new Random((int)oid);
        foreach (var kind in Enum.GetValues<MaskKind>())
        {
            var mask = ValueMask.Create(kind, Masking.Type(oid), -1, random.Next(2) == 0, Masking.Key);
            for (var round = 0; mask.CanStream && round < Rounds; round++)
            {
                var value = Mutate(random);
                var cut = random.Next(value.Length + 1);
                Assert.That(
                    () =>
                    {
                        mask.ApplyChunk(value.AsSpan(0, cut), 0, value.Length);
                        mask.ApplyChunk(value.AsSpan(cut), cut, value.Length);
                    },
                    Throws.Nothing);
            }
        }
    }

    private static byte[] Mutate(Random random)
    {
        var value = Encoding.UTF8.GetBytes(Seeds[random.Next(Seeds.Length)]);
        for (var changes = random.Next(4); changes > 0; changes--)
        {
            var at = random.Next(value.Length + 1);
            value = random.Next(4) switch
            {
                0 => value[..at],
                1 => [.. value[..at], (byte)random.Next(256), .. value[at..]],
                2 => [.. value[..at], .. value],
                _ => [.. value[..at], (byte)"{}[]\",\\:0\0\u0001\u00ff"[random.Next(12)], .. value[Math.Min(value.Length, at + 1)..]],
            };
        }
        return value;
    }

    private static bool IsValid(PostgresType type, bool binary, byte[] value)
    {
        var text = Encoding.Latin1.GetString(value);
        return type.Shape switch
        {
            PostgresTypeShape.Other => false,
            PostgresTypeShape.Text => true,
            PostgresTypeShape.Enum => text == "sad",
            PostgresTypeShape.Array => binary ? IsBinaryArray(type, value) : Regex.IsMatch(text, "^([-+\\[\\]:0-9]*=)?\\{.*\\}\\z", RegexOptions.Singleline),
            PostgresTypeShape.Json => IsJson(value),
            PostgresTypeShape.Jsonb => binary ? value[0] == 1 && IsJson(value[1..]) : IsJson(value),
            PostgresTypeShape.Bytea when !binary => Regex.IsMatch(text, @"^(\\x([0-9a-f][0-9a-f])*|(\\000)*)\z"),
            PostgresTypeShape.Bytea => true,
            _ => binary ? IsBinaryScalar(type, value) : Regex.IsMatch(text, TextPattern(type.Shape), RegexOptions.Singleline),
        };
    }

    private static string TextPattern(PostgresTypeShape shape) => shape switch
    {
        PostgresTypeShape.Boolean => @"^f\z",
        PostgresTypeShape.Date => @"^\d{4,7}-01-01( BC)?\z",
        PostgresTypeShape.Timestamp => @"^\d{4,7}-01-01 00:00:00( BC)?\z",
        PostgresTypeShape.TimestampTz => @"^\d{4,7}-01-01 00:00:00\+00( BC)?\z",
        PostgresTypeShape.Time => @"^00:00:00\z",
        PostgresTypeShape.TimeTz => @"^00:00:00\+00\z",
        PostgresTypeShape.Interval => @"^(00:00:00|PT0S|@ 0)\z",
        PostgresTypeShape.Uuid => @"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\z",
        PostgresTypeShape.Inet => @"^(::|0\.0\.0\.0|10\.[0-9.]+|fd[0-9a-f:]+)\z",
        PostgresTypeShape.Cidr => @"^(::/128|0\.0\.0\.0/32|10\.[0-9.]+/32|fd[0-9a-f:]+/128)\z",
        PostgresTypeShape.MacAddr => @"^[0-9a-f]{2}(:[0-9a-f]{2}){5}(:[0-9a-f]{2}:[0-9a-f]{2})?\z",
        PostgresTypeShape.Money => @"^[^1-9]*0([^1-9]0+)?[^1-9]*\z",
        PostgresTypeShape.Bit => @"^0*\z",
        _ => @"^[0-9]{1,19}\z",
    };

    private static bool IsBinaryScalar(PostgresType type, byte[] value) => type.Shape switch
    {
        PostgresTypeShape.Boolean => value.Length == 1 && value[0] == 0,
        PostgresTypeShape.Int2 => value.Length == 2,
        PostgresTypeShape.Int4 or PostgresTypeShape.Float4 or PostgresTypeShape.Oid or PostgresTypeShape.Date => value.Length == 4,
        PostgresTypeShape.TimeTz => value.Length == 12,
        PostgresTypeShape.Interval or PostgresTypeShape.Uuid => value.Length == 16,
        PostgresTypeShape.Inet or PostgresTypeShape.Cidr => value.Length is 8 or 20 && value[0] is 2 or 3 && value[3] == value.Length - 4,
        PostgresTypeShape.MacAddr => value.Length is 6 or 8,
        PostgresTypeShape.Numeric => value.Length == 8 + 2 * BinaryPrimitives.ReadInt16BigEndian(value),
        PostgresTypeShape.Bit => value.Length == 4 + (BinaryPrimitives.ReadInt32BigEndian(value) + 7) / 8,
        _ => value.Length == 8,
    };

    private static bool IsBinaryArray(PostgresType type, byte[] value)
    {
        var rest = value.AsSpan(12 + 8 * BinaryPrimitives.ReadInt32BigEndian(value));
        while (rest.Length > 0)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(rest);
            rest = rest[4..];
            if (length < 0)
                continue;
            if (!IsValid(type.Element!, binary: true, rest[..length].ToArray()))
                return false;
            rest = rest[length..];
        }
        return true;
    }

    private static bool IsJson(byte[] value)
    {
        try
        {
            using var document = JsonDocument.Parse(value, new JsonDocumentOptions { MaxDepth = 1_000 });
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
