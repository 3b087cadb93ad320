using System.Security.Cryptography;
using System.Text;
using Bogus;
using Bogus.DataSets;
using WireGuardian.Core.Detection;

namespace WireGuardian.Core.Tests.Detection;

/// <summary>A text with what is to be found in it.</summary>
/// <param name="Text">The text.</param>
/// <param name="Detector">What it holds; null for a text that looks like it but holds none.</param>
/// <param name="Value">The part of the text; empty where there is none.</param>
/// <param name="Near">For what the text is a near miss; null where it holds something.</param>
internal sealed record Labelled(string Text, Detector? Detector, string Value, Detector? Near = null);

/// <summary>Values made by Bogus in several locales or by the rules of their form, within sentences, documents and rows; and hard cases made by hand (<see cref="HardCases"/>).</summary>
internal static class LabelledCorpus
{
    private static readonly string[] Locales = ["en_US", "en_GB", "de", "fr", "es", "it", "pl", "nl", "pt_BR", "ja", "ru", "sv"];

    private static readonly CardType[] Brands = [CardType.Visa, CardType.Mastercard, CardType.AmericanExpress, CardType.Discover, CardType.DinersClub, CardType.Jcb];

    private static readonly string[] Frames = ["{0}", "{0}", "see {0}.", "{0}, and more", "\"{0}\"", "a;{0};b", "{{\"v\":\"{0}\",\"n\":1}}", "<v>{0}</v>", "({0})", "v={0}\nnext line"];

    public static IEnumerable<Labelled> Make(int each, int seed)
    {
        foreach (var locale in Locales)
        {
            var faker = new Faker(locale) { Random = new Randomizer(seed + Array.IndexOf(Locales, locale)) };
            for (var i = 0; i < each / Locales.Length + 1; i++)
            {
                foreach (var labelled in One(faker))
                    yield return labelled;
            }
        }
        foreach (var labelled in HardCases.All)
            yield return labelled;
    }

    private static IEnumerable<Labelled> One(Faker faker)
    {
        var random = faker.Random;
        // Of names in other scripts Bogus leaves nothing but a dot, with which no address begins.
        yield return Framed(Detector.EmailAddress, faker.Internet.Email().TrimStart('.') is var address && address[0] != '@' ? address : "x" + address);
        yield return Framed(Detector.PhoneNumber, faker.Phone.PhoneNumber());
        var printed = faker.Finance.CreditCardNumber(random.PickOne(Brands));
        // Bogus makes numbers of Visa with 13 digits and of Discover with 20, which are not issued.
        while (printed.Count(char.IsDigit) is < 14 or > 19)
            printed = faker.Finance.CreditCardNumber(random.PickOne(Brands));
        yield return Framed(Detector.CreditCard, printed);
        var card = printed.Replace("-", "");
        yield return Framed(Detector.CreditCard, card);
        if (card.Length == 16)
            yield return Framed(Detector.CreditCard, string.Join(' ', card.Chunk(4).Select(four => new string(four))));
        yield return Missed(Detector.CreditCard, card[..^1] + (char)('0' + (card[^1] - '0' + random.Int(1, 9)) % 10));
        var iban = faker.Finance.Iban();
        yield return Framed(Detector.IbanCode, iban);
        yield return Framed(Detector.IbanCode, string.Join(' ', iban.Chunk(4).Select(four => new string(four))));
        yield return Missed(Detector.IbanCode, iban[..^1] + (iban[^1] is >= '0' and <= '8' ? (char)(iban[^1] + 1) : '0'));
        yield return Framed(Detector.UsSsn, $"{Area(random):D3}-{random.Int(1, 99):D2}-{random.Int(1, 9999):D4}");
        yield return Missed(Detector.UsSsn, random.Bool() ? $"{random.Int(900, 999)}-{random.Int(10, 99)}-{random.Int(1000, 9999)}" : $"{Area(random):D3}-00-{random.Int(1, 9999):D4}");
        yield return Framed(Detector.IpAddress, faker.Internet.Ip());
        yield return Framed(Detector.IpAddress, faker.Internet.Ipv6());
        yield return Missed(Detector.IpAddress, $"{random.Int(256, 999)}.{random.Int(0, 255)}.{random.Int(0, 255)}.{random.Int(0, 255)}");
        yield return Framed(Detector.MacAddress, faker.Internet.Mac(random.Bool() ? ":" : "-"));
        yield return Missed(Detector.MacAddress, faker.Internet.Mac()[..14]);
        var userInformation = $"{faker.Internet.UserName()}:{random.AlphaNumeric(random.Int(6, 20))}";
        yield return Framed(Detector.UrlWithCredentials, "https://{0}@db.example.com/x", userInformation);
        yield return Framed(Detector.Crypto, Bitcoin(random));
        yield return Missed(Detector.Crypto, random.Bool() ? "1" + random.String2(33, "abcdefghijkmnopqrstuvwxyz23456789") : "bc1q" + random.String2(38, "qpzry9x8gf2tvdw0s3jn54khce6mua7l"));
        yield return Framed(Detector.Crypto, "0x" + random.Hexadecimal(40, "").ToLowerInvariant());
        var birth = faker.Date.Past(70, new DateTime(2008, 1, 1));
        yield return Framed(Detector.DateOfBirth, random.PickOne("born {0}", "date of birth: {0}", "DOB {0}", "geboren am {0}", "fecha de nacimiento: {0}", "date de naissance : {0}"),
            birth.ToString(random.PickOne("yyyy-MM-dd", "dd.MM.yyyy", "MM/dd/yyyy", "d MMMM yyyy")));
        yield return Framed(Detector.Jwt, Jwt(random));
        yield return Missed(Detector.Jwt, "eyJ" + random.AlphaNumeric(40));
        var pem = Pem(random);
        yield return new($"key:\n{pem}\n", Detector.PrivateKey, pem);
        yield return Framed(Detector.AwsCredentials, "AKIA" + random.String2(16, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"));
        yield return Missed(Detector.AwsCredentials, "AKIA" + random.String2(12, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"));
        yield return Framed(Detector.GcpCredentials, "AIza" + random.AlphaNumeric(35));
        yield return Framed(Detector.AzureCredentials, "DefaultEndpointsProtocol=https;AccountName=x;AccountKey={0};EndpointSuffix=core.windows.net", Convert.ToBase64String(random.Bytes(64)));
        yield return Framed(Detector.GitHubToken, GitHub(random));
        yield return Missed(Detector.GitHubToken, "gha_" + random.AlphaNumeric(36));
        yield return Framed(Detector.SlackToken, $"xoxb-{random.Long(100000000000, 999999999999)}-{random.Long(100000000000, 999999999999)}-{random.AlphaNumeric(24)}");
        yield return Framed(Detector.StripeKey, random.PickOne("sk_live_", "sk_test_", "rk_live_") + random.AlphaNumeric(24));
        yield return Missed(Detector.StripeKey, "pk_live_" + random.AlphaNumeric(24));
        yield return Framed(Detector.ConnectionString, random.PickOne("Server=db;Database=x;User Id=sa;Password={0};", "host=db user=app password={0} sslmode=require"), random.AlphaNumeric(random.Int(8, 20)));
        yield return Framed(Detector.Secret, random.PickOne("password={0}", "\"api_key\": \"{0}\"", "client_secret: '{0}'", "token={0}"), random.AlphaNumeric(random.Int(20, 40)));

        Labelled Framed(Detector detector, string first, string? second = null)
        {
            var frame = second is null ? random.PickOne(Frames) : first;
            var value = second ?? first;
            return new(frame.Replace("{{", "{").Replace("}}", "}").Replace("{0}", value), detector, value);
        }

        Labelled Missed(Detector detector, string value) => new(random.PickOne(Frames).Replace("{{", "{").Replace("}}", "}").Replace("{0}", value), null, "", detector);
    }

    private static T PickOne<T>(this Randomizer random, params T[] choices) => random.ArrayElement(choices);

    private static int Area(Randomizer random)
    {
        var area = random.Int(1, 899);
        return area == 666 ? 667 : area;
    }

    private static string Jwt(Randomizer random)
    {
        var header = Encoding.UTF8.GetBytes($$"""{"alg":"{{random.PickOne("HS256", "RS256", "ES384")}}","typ":"JWT"}""");
        var payload = Encoding.UTF8.GetBytes($$"""{"sub":"{{random.Int(1, 99999)}}","iat":{{random.Int(1_500_000_000, 1_900_000_000)}}}""");
        return $"{Url(header)}.{Url(payload)}.{Url(random.Bytes(32))}";

        static string Url(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');
    }

    private static string Pem(Randomizer random)
    {
        var label = random.PickOne("PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", "OPENSSH PRIVATE KEY", "ENCRYPTED PRIVATE KEY");
        return $"-----BEGIN {label}-----\n{Convert.ToBase64String(random.Bytes(200), Base64FormattingOptions.InsertLineBreaks)}\n-----END {label}-----";
    }

    private static string GitHub(Randomizer random)
    {
        var token = random.AlphaNumeric(30);
        var crc = uint.MaxValue;
        foreach (var unit in Encoding.ASCII.GetBytes(token))
        {
            crc ^= unit;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc >> 1) ^ ((crc & 1) == 0 ? 0 : 0xEDB8_8320);
        }
        var value = ~crc;
        var checksum = "";
        for (var i = 0; i < 6; i++, value /= 62)
            checksum = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"[(int)(value % 62)] + checksum;
        return "ghp_" + token + checksum;
    }

    /// <summary>An address of the first kind from 20 random bytes.</summary>
    private static string Bitcoin(Randomizer random)
    {
        byte[] payload = [random.Bool() ? (byte)0 : (byte)5, .. random.Bytes(20)];
        byte[] all = [.. payload, .. SHA256.HashData(SHA256.HashData(payload)).Take(4)];
        var number = new System.Numerics.BigInteger(all, isUnsigned: true, isBigEndian: true);
        var text = "";
        for (; number > 0; number /= 58)
            text = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"[(int)(number % 58)] + text;
        return new string('1', all.TakeWhile(unit => unit == 0).Count()) + text;
    }
}
