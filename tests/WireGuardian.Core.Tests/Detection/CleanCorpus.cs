using Bogus;

namespace WireGuardian.Core.Tests.Detection;

/// <summary>Values that hold nothing sensitive: what most columns of most tables are like, and what looks like something from afar.</summary>
internal static class CleanCorpus
{
    private static readonly string[] Prose =
    [
        "The order was shipped on time, but the parcel arrived a week late because of heavy snow; the customer did not complain.",
        "Die Bestellung wurde pünktlich verschickt, kam aber wegen des Schnees eine Woche später an (Auftrag 4711).",
        "La commande a été expédiée à temps, mais le colis est arrivé une semaine plus tard à cause de la neige.",
        "El pedido se envió a tiempo, pero el paquete llegó una semana más tarde por la nieve. ¡Qué lástima!",
        "注文は時間通りに発送されましたが、大雪のため一週間遅れて到着しました。",
        "Заказ был отправлен вовремя, но посылка пришла на неделю позже из-за снега.",
        "O pedido foi enviado a tempo, mas a encomenda chegou uma semana depois; ver secção 3.2.1.",
        "Meeting moved to 10:30, room 4.12; see chapter 12.3.4 and figures 1-3 on pp. 120-145.",
        "Chapter 7: password policies. Users choose a password; the token bucket refills; keep your secret recipes.",
    ];

    private static readonly string[] Levels = ["info", "warning", "debug"];

    /// <summary>Kinds of clean values, by name; the same values for the same seed.</summary>
    public static IEnumerable<(string Kind, IReadOnlyList<string> Values)> Make(int each, int seed)
    {
        var faker = new Faker("en") { Random = new Randomizer(seed) };
        yield return Of("prose", () => faker.PickRandom(Prose));
        yield return Of("lorem", () => faker.Lorem.Sentences(3));
        yield return Of("uuid", () => faker.Random.Guid().ToString());
        yield return Of("timestamp", () => Moment().ToString("yyyy-MM-dd HH:mm:ss.ffffff'+00'"));
        yield return Of("timestamp, ISO 8601", () => Moment().ToString("o"));
        yield return Of("timestamp, German", () => Moment().ToString("dd.MM.yyyy HH:mm:ss"));
        yield return Of("timestamp, epoch", () => (faker.Random.Bool() ? new DateTimeOffset(Moment()).ToUnixTimeSeconds() : new DateTimeOffset(Moment()).ToUnixTimeMilliseconds()).ToString());
        yield return Of("date", () => Moment().ToString(faker.PickRandom("yyyy-MM-dd", "dd/MM/yyyy", "MM/dd/yyyy", "d. MMMM yyyy")));
        yield return Of("integer", () => faker.Random.Int(0, 10_000_000).ToString());
        yield return Of("decimal", () => faker.Random.Decimal(-100_000, 100_000).ToString("F" + faker.Random.Int(2, 8)));
        yield return Of("double", () => faker.Random.Double().ToString("R"));
        yield return Of("md5", () => faker.Random.Hexadecimal(32, "").ToLowerInvariant());
        yield return Of("sha256", () => faker.Random.Hash(64));
        yield return Of("commit", () => faker.Random.Hash());
        yield return Of("order number", () => $"{faker.PickRandom("ORD", "INV", "AB", "PO")}-{faker.Date.Past(3, Reference).Year}-{faker.Random.Int(0, 999_999):D6}");
        yield return Of("order number, digits", () => $"{faker.Random.Int(1000, 9999)}-{faker.Random.Int(1000, 9999)}-{faker.Random.Int(1000, 9999)}");
        yield return Of("product", () => faker.Commerce.ProductName());
        yield return Of("company", () => faker.Company.CompanyName());
        yield return Of("city", () => faker.Address.City());
        yield return Of("price", () => $"{faker.Random.Decimal(1, 10_000):N2} {faker.PickRandom("EUR", "USD")}");
        yield return Of("EAN", () => faker.Commerce.Ean13());
        yield return Of("version", () => $"v{faker.Random.Int(0, 20)}.{faker.Random.Int(0, 40)}.{faker.Random.Int(0, 99)}");
        yield return Of("path", () => faker.System.FilePath());
        yield return Of("URL", () => faker.Internet.UrlWithPath());
        yield return Of("identifier", () => string.Join('_', faker.Lorem.Words(4)) + "_" + faker.Random.Int(1, 99));
        yield return Of("coordinates", () => $"POINT({faker.Address.Longitude()} {faker.Address.Latitude()})");
        yield return Of("log, JSON", () =>
            $$"""{"ts":"{{Moment():o}}","level":"{{faker.PickRandom(Levels)}}","msg":"{{faker.Lorem.Sentence()}}","order_id":{{faker.Random.Int(1, 999_999)}},"duration_ms":{{faker.Random.Double(0, 900):F3}},"trace":"{{faker.Random.Hash(32)}}"}""");
        yield return Of("log, text", () => $"{Moment():yyyy-MM-dd HH:mm:ss,fff} [{faker.PickRandom(Levels)}] worker-{faker.Random.Int(1, 64)}: processed {faker.Random.Int(1, 9999)} rows in {faker.Random.Double(0, 9):F4}s");

        DateTime Moment() => faker.Date.Past(8, Reference);

        (string, IReadOnlyList<string>) Of(string kind, Func<string> make) => (kind, [.. Enumerable.Range(0, each).Select(_ => make())]);
    }

    private static readonly DateTime Reference = new(2026, 11, 27, 0, 0, 0, DateTimeKind.Utc);
}
