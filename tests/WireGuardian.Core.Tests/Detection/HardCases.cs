using WireGuardian.Core.Detection;

namespace WireGuardian.Core.Tests.Detection;

/// <summary>Labelled texts made by hand: forms that people and programs really write, and what is taken for something by careless patterns.</summary>
internal static class HardCases
{
    public static IReadOnlyList<Labelled> All { get; } =
    [
        Has(Detector.EmailAddress, "From: \"Smith, J.\" <", "j.smith+news@sub.example.co.uk", ">; To: x"),
        Has(Detector.EmailAddress, "Kontakt:", "müller@büro.example", ""),
        Has(Detector.EmailAddress, "?email=", "a_b-c@example.org", "&next=1"),
        Has(Detector.EmailAddress, "(", "x@y.museum", ")"),
        Has(Detector.EmailAddress, "reply to ", "o'neill@example.ie", "."),
        Near(Detector.EmailAddress, "@media (min-width: 2x) and user@host and @angular/core@17.0.1"),
        Near(Detector.EmailAddress, "git clone git@github.com:org/repo.git"),
        Near(Detector.EmailAddress, "background: url(img/logo@2x.png)"),
        Has(Detector.CreditCard, "paid with ", "3714-496353-98431", " yesterday"),
        Has(Detector.CreditCard, "PAN=", "6011000990139424", ";exp=12/29"),
        Has(Detector.CreditCard, "[", "5105105105105100", ",1]"),
        Near(Detector.CreditCard, "tracking 9400111899223197428490"),
        Near(Detector.CreditCard, "4111-1111-1111-1112 and 4111 1111 1111 1113"),
        Near(Detector.CreditCard, "pi = 3.1415926535897932, id 1764254584123456"),
        Has(Detector.IbanCode, "Konto ", "DE44 5001 0517 5407 3249 31", " bei"),
        Has(Detector.IbanCode, "IBAN:", "FR1420041010050500013M02606", ","),
        Near(Detector.IbanCode, "AB12CD34EF56GH78IJ90, DE12345678901234567890"),
        Has(Detector.UsSsn, "SSN: ", "219-09-9998", ""),
        Has(Detector.UsSsn, "{\"ssn\":\"", "219099998", "\"}"),
        Near(Detector.UsSsn, "part 123-45-67890, ISBN 978-3-16-148410-0, 2026-11-27"),
        Has(Detector.IpAddress, "client: ", "203.0.113.7", ", server: x"),
        Has(Detector.IpAddress, "[", "2001:db8:85a3::8a2e:370:7334", "]:443"),
        Has(Detector.IpAddress, "peer ", "fe80::1%eth0"[..7], "%eth0 up"),
        Near(Detector.IpAddress, "Chrome v131.0.6778.86 at 12:34:56:78, namespace::function, 'x'::text, 1.2.3.4.5"),
        Near(Detector.IpAddress, "build 10.0.19045.5131, section 3.2.1.4.7"),
        Has(Detector.MacAddress, "link/ether ", "52:54:00:12:34:56", " brd ff:ff:ff:ff:ff:ff"),
        Near(Detector.MacAddress, "SHA1 Fingerprint=AB:CD:EF:01:23:45:67:89:AB:CD:EF:01:23:45:67:89:AB:CD:EF:01"),
        Has(Detector.Crypto, "send to ", "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4", "!"),
        Has(Detector.Crypto, "", "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb", ""),
        Near(Detector.Crypto, "0xdeadbeef, 0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9adB, 3f786850e387550fdab836ed7e6dc881de23001b"),
        Has(Detector.Jwt, "Authorization: Bearer ", "eyJ0eXAiOiJKV1QiLCJhbGciOiJub25lIn0.eyJzdWIiOiIxMjM0NSJ9.", ""),
        Near(Detector.Jwt, "eyJub3RoaW5nIjoiaGVyZSJ9.eyJub3RoaW5nIjoiaGVyZSJ9"),
        Near(Detector.PrivateKey, "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----"),
        Has(Detector.UrlWithCredentials, "amqp://", "guest:gue%73t", "@rabbit:5672/%2f"),
        Near(Detector.UrlWithCredentials, "https://example.com/a:b@c, https://user:${PASSWORD}@example.com"),
        Has(Detector.ConnectionString, "Data Source=db;Initial Catalog=x;User ID=sa;Password=", "P@ssw0rd!", ";Encrypt=true"),
        Has(Detector.Secret, "export API_TOKEN=\"", "c2VjcmV0LXRva2VuLTEyMzQ1", "\""),
        Near(Detector.Secret, "password: ask your administrator; tokens: 12; api_key=<your key here>"),
    ];

    private static Labelled Has(Detector detector, string before, string value, string after) => new(before + value + after, detector, value);

    private static Labelled Near(Detector detector, string text) => new(text, null, "", detector);
}
