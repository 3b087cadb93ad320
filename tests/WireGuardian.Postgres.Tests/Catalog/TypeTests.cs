using WireGuardian.Postgres.Catalog;
using WireGuardian.Testing.Postgres;
using static WireGuardian.Postgres.Tests.Catalog.CatalogBench;

namespace WireGuardian.Postgres.Tests.Catalog;

[TestFixture(PostgresVersion.Version15)]
[TestFixture(PostgresVersion.Version18)]
public class TypeTests(PostgresVersion version)
{
    [Test]
    public async Task Users_types_are_known_by_their_shape()
    {
        await using var bench = await StartAsync(
            version,
            """
            create type mood as enum ('fine', 'sad');
            alter type mood add value 'early' before 'fine';
            create domain short as varchar(10);
            create domain shorter as short check (length(value) < 5);
            create type pair as (a int, b text);
            create type span as range (subtype = float8);
            create table t (id int, row pair)
            """);
        var snapshot = await bench.Catalog.GetFreshAsync(CancellationToken.None);

        var mood = snapshot.TypeOf(await OidAsync(bench, "mood"));
        Assert.That((mood.Shape, mood.FirstLabel), Is.EqualTo((PostgresTypeShape.Enum, "early")));
        var moods = snapshot.TypeOf(await OidAsync(bench, "mood[]"));
        Assert.That((moods.Shape, moods.Element), Is.EqualTo((PostgresTypeShape.Array, mood)));
        var shorts = snapshot.TypeOf(await OidAsync(bench, "shorter[]"));
        Assert.That((shorts.Shape, shorts.Element), Is.EqualTo((PostgresTypeShape.Array, new PostgresType(await OidAsync(bench, "shorter"), PostgresTypeShape.Text))));
        foreach (var name in new[] { "pair", "span", "t" })
            Assert.That(snapshot.TypeOf(await OidAsync(bench, name)).Shape, Is.EqualTo(PostgresTypeShape.Other), name);
        Assert.That(snapshot.TypeOf(1043).Shape, Is.EqualTo(PostgresTypeShape.Text));
        Assert.That(snapshot.TypeOf(4_000_000_000), Is.EqualTo(PostgresType.Unknown(4_000_000_000)));
    }

    [Test]
    public async Task An_extensions_string_type_is_text()
    {
        await using var bench = await StartAsync(version, "create extension citext");
        var snapshot = await bench.Catalog.GetFreshAsync(CancellationToken.None);
        Assert.That(snapshot.TypeOf(await OidAsync(bench, "citext")).Shape, Is.EqualTo(PostgresTypeShape.Text));
    }

    private static async Task<uint> OidAsync(CatalogBench bench, string type) =>
        (uint)(long)(await bench.Database.ScalarAsync($"select '{type}'::regtype::oid::bigint"))!;
}
