using WireGuardian.Core.Detection;

namespace WireGuardian.Core.Tests.Detection;

/// <summary>Each detector's positives and near misses. What is found stands between ‹ and ›.</summary>
public sealed class DetectorTests
{
    [TestCase("EMAIL_ADDRESS", "‹alice@example.com›")]
    [TestCase("EMAIL_ADDRESS", "Alice <‹alice.b+tag@mail.example.co.uk›>, please")]
    [TestCase("EMAIL_ADDRESS", "mailto:‹o'brien@example.org›?subject=x")]
    [TestCase("EMAIL_ADDRESS", "user=‹élise@exämple.fr›&x=1")]
    [TestCase("EMAIL_ADDRESS", "‹i@x.xn--p1ai›.")]
    [TestCase("EMAIL_ADDRESS", "'‹bob@example.com›'")]
    [TestCase("EMAIL_ADDRESS", "‹a@b.co›")]
    [TestCase("PHONE_NUMBER", "‹+49 30 1234567›")]
    [TestCase("PHONE_NUMBER", "‹+14155550123›")]
    [TestCase("PHONE_NUMBER", "‹+1 (415) 555-0123›")]
    [TestCase("PHONE_NUMBER", "‹+44 20 7946 0958›, London")]
    [TestCase("PHONE_NUMBER", "‹0049 30 1234567›")]
    [TestCase("PHONE_NUMBER", "‹(415) 555-0123 x12›")]
    [TestCase("PHONE_NUMBER", "‹415-555-0123› or ‹1-415-555-0124›")]
    [TestCase("PHONE_NUMBER", "‹415.555.0123›")]
    [TestCase("PHONE_NUMBER", "‹06 12 34 56 78›")]
    [TestCase("PHONE_NUMBER", "‹030 / 1234567›")]
    [TestCase("PHONE_NUMBER", "‹0171-1234567›")]
    [TestCase("PHONE_NUMBER", "‹07700 900123›")]
    [TestCase("PHONE_NUMBER", "‹03-1234-5678›")]
    [TestCase("PHONE_NUMBER", "‹138 0013 8000›")]
    [TestCase("PHONE_NUMBER", "phone: ‹4155550123›")]
    [TestCase("PHONE_NUMBER", "2026-11-27 ‹415-555-0123›")]
    [TestCase("PHONE_NUMBER", "1999 / ‹415-555-0123›")]
    [TestCase("CREDIT_CARD", "‹4111111111111111›")]
    [TestCase("CREDIT_CARD", "card ‹4111 1111 1111 1111› was used")]
    [TestCase("CREDIT_CARD", "‹5500-0000-0000-0004›,‹2221000000000009›")]
    [TestCase("CREDIT_CARD", "‹3782 822463 10005›")]
    [TestCase("CREDIT_CARD", "‹30569309025904› and ‹3530111333300000› and ‹6011000990139424›")]
    [TestCase("CREDIT_CARD", "1,‹4111111111111111›,2")]
    [TestCase("IBAN_CODE", "‹DE89370400440532013000›")]
    [TestCase("IBAN_CODE", "IBAN: ‹GB82 WEST 1234 5698 7654 32›.")]
    [TestCase("IBAN_CODE", "‹NO9386011117947›, ‹MT84MALT011000012345MTLCAST001S›")]
    [TestCase("US_SSN", "‹536-90-4399›")]
    [TestCase("US_SSN", "SSN ‹536904399›")]
    [TestCase("US_SSN", "‹536 90 4399›")]
    [TestCase("IP_ADDRESS", "from ‹192.168.1.10›:5432")]
    [TestCase("IP_ADDRESS", "‹10.0.0.1›/8, ‹8.8.8.8›.")]
    [TestCase("IP_ADDRESS", "‹2001:db8:0:0:1:2:3:4›")]
    [TestCase("IP_ADDRESS", "[‹fe80::1ff:fe23:4567:890a›]:443 ‹::ffff:10.0.0.1› ‹2001:db8::1›/64")]
    [TestCase("MAC_ADDRESS", "‹00:1b:44:11:3a:b7› ‹00-1B-44-11-3A-B7› ‹001b.4411.3ab7›")]
    [TestCase("URL_WITH_CREDENTIALS", "postgres://‹app:s3cret›@db.example/x")]
    [TestCase("URL_WITH_CREDENTIALS", "https://‹user:pass›@example.com")]
    [TestCase("CRYPTO", "‹1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa› ‹3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy›")]
    [TestCase("CRYPTO", "‹bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq›")]
    [TestCase("CRYPTO", "‹bc1p5d7rjq7g6rdk2yhzks9smlaqtedr4dekq08ge8ztwac72sfr9rusxg3297›")]
    [TestCase("CRYPTO", "‹0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed› ‹0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359›")]
    [TestCase("DATE_OF_BIRTH", "born ‹1980-05-17›")]
    [TestCase("DATE_OF_BIRTH", "geboren am ‹17. März 1980›")]
    [TestCase("DATE_OF_BIRTH", "Date of birth: ‹May 17, 1980›")]
    [TestCase("DATE_OF_BIRTH", "née le ‹17/05/1980›")]
    [TestCase("DATE_OF_BIRTH", "{\"dob\":\"‹05/17/1980›\"}")]
    [TestCase("JWT", "Bearer ‹eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U›")]
    [TestCase("PRIVATE_KEY", "‹-----BEGIN RSA PRIVATE KEY-----\nMIIEow==\n-----END RSA PRIVATE KEY-----›\nafter")]
    [TestCase("PRIVATE_KEY", "x‹-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXk›")]
    [TestCase("AWS_CREDENTIALS", "‹AKIAIOSFODNN7EXAMPLE›")]
    [TestCase("AWS_CREDENTIALS", "aws_secret_access_key = ‹wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY›")]
    [TestCase("GCP_CREDENTIALS", "key=‹AIzaSyDaGmWKa4JsXZ-HjGw7ISLn_3namBGewQe›")]
    [TestCase("GCP_CREDENTIALS", "‹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› ‹ya29.a0AfH6SMBx1234567890abcdef›")]
    [TestCase("AZURE_CREDENTIALS", "AccountName=x;AccountKey=‹Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==›;EndpointSuffix=y")]
    [TestCase("AZURE_CREDENTIALS", "‹abc8Q~defghijklmnopqrstuvwxyz0123456789›")]
    [TestCase("GITHUB_TOKEN", "‹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›")]
    [TestCase("SLACK_TOKEN", "‹xoxb-123456789012-1234567890123-AbCdEfGhIjKlMnOpQrStUvWx›")]
    [TestCase("SLACK_TOKEN", "https://hooks.slack.com/services/T00000000/B00000000/‹XXXXXXXXXXXXXXXXXXXXXXX1›")]
    [TestCase("STRIPE_KEY", "‹sk_live_4eC39HqLyjWDarjtT1zdp7dc›")]
    [TestCase("CONNECTION_STRING", "Server=db;User Id=sa;Password=‹hunter2›;")]
    [TestCase("CONNECTION_STRING", "host=db user=app password=‹hunter2› dbname=x")]
    [TestCase("SECRET", "password=‹hunter2›")]
    [TestCase("SECRET", "{\"api_key\": \"‹f3a9c27e-bb12-44d0›\"}")]
    [TestCase("SECRET", "Authorization: Bearer ‹abcDEF123456ghiJKL›")]
    [TestCase("SECRET", "db.password: ‹Tr0ub4dor&3›")]
    public void What_it_is_made_for_is_found_and_nothing_around_it(string name, string marked)
    {
        var expected = string.Join('|', marked.Split('‹').Skip(1).Select(part => $"{name}:{part.Split('›')[0]}"));
        Assert.That(DetectorNames.TryParse(name, out _), Is.True);
        Assert.That(Found.In(marked.Replace("‹", "").Replace("›", "")), Is.EqualTo(expected));
    }

    [TestCase("EMAIL_ADDRESS", "alice@localhost, @example.com, alice@, a..@, x@1.2.3, logo@2x.png, git@github.com:x/y, pkg@1.2.3")]
    [TestCase("PHONE_NUMBER", "2026-11-27 14:43:04.123456+00, 27.11.2026 14:43:04, 1764254584123, 10.20.30.40, +02:00, 1+1234567890, 12345678.90")]
    [TestCase("PHONE_NUMBER", "ORD-2026-4155550123, 1234-5678-9012, 0000123456, 115-555-0123")]
    [TestCase("CREDIT_CARD", "4111111111111112, 4111 1111 1111 1112, 1234567812345670, 0.4111111111111111, x4111111111111111, 41111111111111110000")]
    [TestCase("IBAN_CODE", "DE89370400440532013001, DE8937040044053201300, XX89370400440532013000, xDE89370400440532013000")]
    [TestCase("US_SSN", "000-12-3456, 666-12-3456, 900-12-3456, 536-00-4399, 536-90-0000, 536904399, 1536-90-4399, 536-90-43991")]
    [TestCase("IP_ADDRESS", "256.1.1.1, 1.2.3, 1.2.3.4.5, v1.2.3.4, version 1.2.3.4, 01.02.03.04, 14:43:04, std::string, a::b, 1:2:3:4:5:6:7")]
    [TestCase("MAC_ADDRESS", "00:00:00:00:00:00, ff:ff:ff:ff:ff:ff, 00:1b:44:11:3a, 00:1b:44:11:3a:b7:00:1b:44, 001b.4411")]
    [TestCase("URL_WITH_CREDENTIALS", "https://example.com:80/x@y.z, https://medium.com/@user, ssh://git@github.com/x, https://u:***@h.x, http://${U:V}@h.x")]
    [TestCase("CRYPTO", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb, bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdp, 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD, 0x1234")]
    [TestCase("DATE_OF_BIRTH", "shipped 1980-05-17, born at 1980-05-17T10:00:00Z, born 1980-13-17, birth 2026, born 17 Nobody 1980")]
    [TestCase("JWT", "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9, eyJub3RoaW5nIjoiaGVyZSIsIngiOjF9.eyJzdWIiOiIxIn0.abc")]
    [TestCase("PRIVATE_KEY", "-----BEGIN CERTIFICATE-----\nMIIE\n-----END CERTIFICATE-----\n-----BEGIN PUBLIC KEY-----")]
    [TestCase("AWS_CREDENTIALS", "AKIAIOSFODNN7EXAMPL, AKIAiosfodnn7example, XAKIAIOSFODNN7EXAMPLE")]
    [TestCase("GCP_CREDENTIALS", "AIzaSyDaGmWKa4JsXZ-HjGw7ISLn, ya29.short")]
    [TestCase("GITHUB_TOKEN", "ghp_short, ghx_zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17, github_pattern_matching_library")]
    [TestCase("SLACK_TOKEN", "xoxb-only-words-without-any, https://example.org/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXX1")]
    [TestCase("STRIPE_KEY", "sk_live_short, pk_live_4eC39HqLyjWDarjtT1zdp7dc, sk_demo_4eC39HqLyjWDarjtT1zdp7dc")]
    [TestCase("SECRET", "password=${DB_PASSWORD}, password=****, password: please ask the admin, token: none, token_count: 123456789012, secret=null")]
    [TestCase("SECRET", "the password is kept elsewhere; key: value; primary_key=id; bypass=true")]
    public void What_is_nearly_that_is_left_alone(string name, string text)
    {
        Assert.That(DetectorNames.TryParse(name, out var detector), Is.True);
        Assert.That(Found.In(text, enabled: DetectorSet.Of(detector)), Is.Empty);
    }

    [TestCase("536904399", ContextHints.Ssn, "US_SSN:536904399")]
    [TestCase("4155550123", ContextHints.Phone, "PHONE_NUMBER:4155550123")]
    [TestCase("1980-05-17", ContextHints.Birth, "DATE_OF_BIRTH:1980-05-17")]
    [TestCase("abc1", ContextHints.Password, "SECRET:abc1")]
    [TestCase("my dog's name", ContextHints.Password, "SECRET:my dog's name")]
    [TestCase("f3a9c27ebb1244d0", ContextHints.Token, "SECRET:f3a9c27ebb1244d0")]
    public void A_name_makes_certain_what_is_not(string text, ContextHints hints, string expected)
    {
        Assert.That(Found.In(text), Is.Empty);
        Assert.That(Found.In(text, hints), Is.EqualTo(expected));
    }

    [TestCase("ssn", ContextHints.Ssn)]
    [TestCase("home_phone", ContextHints.Phone)]
    [TestCase("dateOfBirth", ContextHints.Birth)]
    [TestCase("DOB", ContextHints.Birth)]
    [TestCase("cardNumber", ContextHints.Card)]
    [TestCase("PASSWORD", ContextHints.Password)]
    [TestCase("api-key", ContextHints.Token)]
    [TestCase("accessToken", ContextHints.Token)]
    [TestCase("telemetry", ContextHints.None)]
    [TestCase("token_count", ContextHints.None)]
    [TestCase("description", ContextHints.None)]
    [TestCase("", ContextHints.None)]
    public void Names_say_what_a_value_is(string name, ContextHints expected) =>
        Assert.That(ContextWords.InName(System.Text.Encoding.UTF8.GetBytes(name)), Is.EqualTo(expected));

    [Test]
    public void The_checksum_of_a_token_makes_it_certain()
    {
        Assert.That(Found.In("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", minimumScore: 100), Is.Not.Empty);
        Assert.That(Found.In("ghp_zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq18", minimumScore: 100), Is.Empty);
    }
}
