using System.Text;
using WireGuardian.Postgres.Catalog;
using WireGuardian.Sql.Postgres;

namespace WireGuardian.Postgres.Tests.Catalog;

/// <summary>Which statements mean the same under any search_path.</summary>
public sealed class NamePlacesTests
{
    private static readonly HashSet<string> Schemas = ["pg_catalog", "public", "other", "pg_temp_3"];

    private static readonly NamePlaces Places = new(
        [
            new("people", ["public"], [], false),
            new("twins", ["public", "other"], [], false),
            new("shadowed", ["pg_temp_3", "public"], [], false),
            new("helper", [], ["other"], false),
            new("overloaded", [], ["other"], true),
            new("same_kind", [], ["other", "public"], false),
            new("differs", [], ["other", "public"], true),
            new("reader", [], ["other", "public"], false),
            new("point", ["public", "pg_catalog"], ["pg_catalog"], false),
            new("mixed", ["public"], ["other"], false),
            new("pairs", ["public", "other"], [], false),
            new("hidden", ["other", "secret"], [], false),
            new("date", ["pg_catalog", "other"], [], false),
            new("reads", [], ["other"], false, HasOverloads: true),
            new("many", [.. Enumerable.Range(0, 20).Select(number => $"s{number}")], [], false),
        ],
        [
            new("=", ["pg_catalog", "public"], false),
            new("->", ["pg_catalog", "public"], true),
            new("-", ["pg_catalog", "public"], true),
            new("@@@", ["other"], false),
            new("@?@", ["other", "public"], false, HasOverloads: true),
            new("@-@", ["other"], false, HasOverloads: true),
        ],
        Schemas,
        new HashSet<string> { "reader", "reads", "@?@", "@-@" },
        new HashSet<string> { "secret" });

    [TestCase("select count(*) from people", "public")]
    [TestCase("select helper(name) from people p where p.id = 1", "other,public")]
    [TestCase("select * from public.twins", "public")]
    [TestCase("select * from other.twins t where t.id = 1", "public")]
    [TestCase("select p.twins from people p", "public")]
    [TestCase("select overloaded(1)", "other,public")]
    [TestCase("select same_kind(1)", "other,public")]
    [TestCase("select a @@@ b from people", "other,public")]
    [TestCase("select 1", "public")]
    public void One_meaning(string sql, string path) => Assert.That(PathOf(sql), Is.EqualTo(path));

    [TestCase("select * from twins", "other,public;public")]
    [TestCase("select twins from people", "other,public;public")]
    [TestCase("select * from twins, pairs, people", "other,public;public")]
    [TestCase("select helper(1) from twins", "other,public;public,other")]
    [TestCase("select * from date", "other,public,pg_catalog;public")]
    [TestCase("select public.x from public.twins x, people public, twins", "other,public;public")]
    public void A_path_for_each_meaning(string sql, string paths) => Assert.That(PathOf(sql), Is.EqualTo(paths));

    [TestCase("select * from hidden")]
    [TestCase("select * from many")]
    [TestCase("select reads(1)")]
    [TestCase("select a @-@ b from people")]
    [TestCase("select * from shadowed")]
    [TestCase("select differs(1)")]
    [TestCase("select public.differs(1)", Description = "public may be an alias")]
    [TestCase("select p.differs from people p")]
    [TestCase("select reader(1)")]
    [TestCase("select point(1, 2)")]
    [TestCase("select mixed(1)")]
    [TestCase("select a -> b from people")]
    [TestCase("select id - 1 from people")]
    [TestCase("select a @?@ b from people")]
    public void Several_meanings(string sql) => Assert.That(PathOf(sql), Is.Null);

    private static string? PathOf(string sql)
    {
        var text = Encoding.UTF8.GetBytes(sql);
        var paths = Places.SearchPathsFor(PostgresAnalyzer.Analyze(text, PostgresSqlSettings.Default)[0], text, out _);
        return paths is null ? null : string.Join(';', paths.Select(path => string.Join(',', path.Schemas)));
    }
}
