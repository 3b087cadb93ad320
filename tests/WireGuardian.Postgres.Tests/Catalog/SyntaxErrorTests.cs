using WireGuardian.Testing.Postgres;
using static WireGuardian.Postgres.Tests.Catalog.CatalogBench;

namespace WireGuardian.Postgres.Tests.Catalog;

[TestFixture(PostgresVersion.Version15)]
[TestFixture(PostgresVersion.Version18)]
public class SyntaxErrorTests(PostgresVersion version)
{
    [Test]
    public async Task Only_what_the_raw_parser_refuses_is_a_syntax_error()
    {
        await using var bench = await StartAsync(version, "create table t (id int)");
        foreach (var typo in new[] { "selec 1", "select 1; selec 2", "select 'open", "select $1 +", "create table (", "select u&'\\zzzz'", "insert into t values (1" })
            Assert.That(await AskAsync(bench, typo), typo);
        foreach (var statement in new[]
        {
            "select 1", "select 1; select 2", "select * from nowhere", "select $1::int", "delete from t where id = $1", "select 'ä€𝄞'", "",
            "values (1), (1, 2)", "insert into t values (1, 2)", "select 1 union select 1, 2", "vacuum", "do $$ begin perform nothing; end $$", "create function f() returns int language sql as 'selec'",
        })
            Assert.That(await AskAsync(bench, statement), Is.False, statement);
        Assert.That(await bench.Database.ScalarAsync("select count(*) from t"), Is.EqualTo(0L));
    }

    [Test]
    public async Task Text_is_read_under_the_settings_of_the_session()
    {
        await using var bench = await StartAsync(version, "create table t (id int)");
        const string Escaped = "select 'it\\'s'";
        Assert.That(await AskAsync(bench, Escaped, standardConformingStrings: true), Is.True);
        Assert.That(await AskAsync(bench, Escaped, standardConformingStrings: false), Is.False);
        Assert.That(await AskAsync(bench, Escaped, standardConformingStrings: true), Is.True);
    }

    [Test]
    public async Task What_cannot_be_sent_as_it_is_is_not_asked()
    {
        await using var bench = await StartAsync(version, "create table t (id int)");
        Assert.That(await AskAsync(bench, "selec\0t"), Is.False);
        Assert.That(await AskAsync(bench, "selec '\ud800'"), Is.False);
    }

    private static Task<bool> AskAsync(CatalogBench bench, string statement, bool standardConformingStrings = true) =>
        bench.Catalog.IsSyntaxErrorAsync(statement, standardConformingStrings, CancellationToken.None).AsTask();
}
