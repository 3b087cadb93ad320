using WireGuardian.Testing.Postgres;
using static WireGuardian.Testing.Wire.FrontendMessage;

namespace WireGuardian.IntegrationTests.Lineage;

/// <summary>Computed columns have the mask that their own sources ask for, and none where they have no masked source.</summary>
[TestFixture(PostgresVersion.Version14)]
[TestFixture(PostgresVersion.Version15)]
[TestFixture(PostgresVersion.Version18)]
public sealed class ExactMaskTests(PostgresVersion version)
{
    private const string Stars = "***********";
    private const string Partial = "*******3333";

    private static readonly (string Sql, string Rows)[] Statements =
    [
        // Of no masked column.
        ("select count(*) from people", "3"),
        ("select count(ssn), count(distinct ssn) from people", "3|2"),
        ("select max(id), sum(id), min(name) from people", "3|6|Ada"),
        ("select upper(name), id + 1, 'x' || name from people order by id limit 1", "ADA|2|xAda"),
        ("select p.name || '/' || o.item from people p join orders o on o.person = p.id where o.id = 1", "Ada/keyboard"),
        ("select p.name, sum(o.total) from people p join orders o on o.person = p.id group by p.name order by 1", "Ada|490.00;Ben|20.00"),
        ("select name from people where id = 1 union select name from staff order by 1", "Ada;Dan"),
        ("select row_number() over (order by name desc), name from people where id < 3", "1|Ben;2|Ada"),
        ("select (select max(total) from orders o where o.person = p.id) from people p order by p.id limit 2", "400.00;20.00"),
        ("select exists (select from people where name like 'A%')", "t"),
        ("select array_agg(name order by id) from people", "{Ada,Ben,Cid}"),
        ("select coalesce(name, 'none'), nullif(id, 9), case when id = 1 then 'one' else 'more' end from people where id = 1", "Ada|1|one"),
        ("select json_build_object('n', name) from people where id = 1", """{"n" : "Ada"}"""),
        ("with x as (select name n, ssn s from people) select upper(n) from x order by 1", "ADA;BEN;CID"),
        ("with recursive r(i, n) as (select 1, name from people where id = 1 union all select i + 1, n from r where i < 2) select i, n from r", "1|Ada;2|Ada"),
        ("select twice(name), longest(name) from people where id = 1 group by name", "AdaAda|Ada"),
        ("select shout from tall where id = 1", "ADA"),
        ("select * from totals order by 1", "Ada|2|490.00;Ben|1|20.00"),
        ("select x.n from (select row_number() over () as n, ssn from people) x order by 1", "1;2;3"),
        ("select count(*) from people a full join staff b using (ssn)", "4"),
        ("select g, count(*) from people, generate_series(1, 2) g group by g order by g", "1|3;2|3"),
        ("insert into people values (9, 'New', 'n@example.org', '1') returning upper(name), id * 2", "NEW|18"),
        ("update people set name = 'Abe' where id = 1 returning lower(name)", "abe"),
        ("delete from orders o using people p where p.id = o.person and o.id = 3 returning p.name || o.item", "Benlamp"),
        ("values (1), (2)", "1;2"),

        // Of functions that read masked tables, by their bodies.
        ("select orders_of(1), orders_of(id) from people order by id", "2|2;2|1;2|0"),
        ("select number, label from listed('A')", "1|aAda"),

        // Plain masked ones have their rule's mask.
        ("select ssn, count(*) from people group by ssn order by 2 desc, 1", $"{Partial}|2;*******6666|1"),
        ("select ssn from people where id = 1 union all select ssn from staff", $"{Partial};*******9999"),
        ("select (select ssn from people where id = 1)", Partial),
        ("select ssn from people a full join (select '111-22-3333' ssn) b using (ssn) where a.id = 1", Partial),
        ("with recursive r(s, i) as (select ssn, 1 from people where id = 1 union all select s, i + 1 from r where i < 2) select s from r", $"{Partial};{Partial}"),
        ("select email from people where id = 1 union select email from people where id = 1", "a***@org"),

        // What is computed from them is redacted as a whole.
        ("select upper(ssn), name from people where id = 1", $"{Stars}|Ada"),
        ("select length(ssn), length(name) from people where id = 1", "0|3"),
        ("select max(ssn), max(name) from people where id = 1", $"{Stars}|Ada"),
        ("select twice(ssn), twice(name) from people where id = 1", $"{Stars}{Stars}|AdaAda"),
        ("select ssn_of(1), name from people where id = 1", $"{Stars}|Ada"),
        ("select name || ssn, name || 'x' from people where id = 1", "**************|Adax"),
        ("select ssn from people where id = 1 union all select email from people where id = 1", $"{Stars};***************"),
        ("select case when ssn like '1%' then 'yes' else 'no' end from people where id = 1", "***"),
        ("select count(*), count(*) over () from people, generate_series(1, length(ssn)) where id = 1", "0|0"),
        ("select count(*) from (select from generate_series(1, 1000) limit (select length(ssn) from people where id = 1)) x", "0"),
        ("with x as (select unnest(string_to_array(ssn, '-')) from people) select count(*) from x", "0"),
        ("select tail, twofold from cards", "****|2"),
        ("select upper(tail), twofold + 1 from cards union all select * from tails", "****|3;****|2"),
        ("select hidden, number, shout from tall where id = 1", $"{Stars}|{Partial}|ADA"),
        ("select array_agg(ssn) from people where id = 1", $"{{{Stars}}}"),
        ("select sum(salary), sum(id) from people", "0|6"),
        ("insert into people values (9, 'New', 'n@example.org', '999-99-9999') returning upper(ssn), upper(name)", $"{Stars}|NEW"),

        ("select hidden_in(1), hidden_in(1, 'x'), hidden_in(fallback => name, person => 1) from people where id = 1", $"{Stars}|{Stars}|{Stars}"),
        ("select listed.*, label || secret from listed('A')", $"1|aAda|{Stars}|***************"),
        ("select nested(1), orders_of(length(ssn)) from people where id = 1", "************|0"),
        ("select ssn_of(1) from plain union all select name from plain", $"{Stars};***"),

        // Which rows there are, and in what order, tells of what decided that.
        ("select exists (select from people where ssn like '1%'), exists (select from people where id = 1)", "f|t"),
        ("select row_number() over (order by ssn), name from people where id < 3", "0|Ada;0|Ben"),

        // A rule for a view's column says more than the columns below it do.
        ("select upper(label) from directory where id = 1", "****"),
    ];

    private LineageShop _shop = null!;

    [OneTimeSetUp]
    public async Task Start() => _shop = await LineageShop.OpenAsync(version);

    [OneTimeTearDown]
    public async Task Stop() => await _shop.DisposeAsync();

    private static IEnumerable<TestCaseData> Cases() => Statements.Select(one => new TestCaseData(one.Sql, one.Rows).SetArgDisplayNames(one.Sql));

    [TestCaseSource(nameof(Cases))]
    public async Task Simple(string sql, string rows)
    {
        await using var client = await _shop.ConnectAsync();
        await client.QueryAsync("begin");
        Assert.That(LineageShop.Rows(await client.QueryAsync(sql)), Is.EqualTo(rows));
    }

    [TestCaseSource(nameof(Cases))]
    public async Task Extended(string sql, string rows)
    {
        await using var client = await _shop.ConnectAsync();
        await client.QueryAsync("begin");
        await client.SendAsync(Parse("s", sql), Bind("", "s"), Describe('P', ""), Execute(""), Sync);
        Assert.That(LineageShop.Rows(await client.ReadUntilAsync('Z')), Is.EqualTo(rows));
        await client.QueryAsync("rollback; begin");
        await client.SendAsync(Bind("", "s"), Execute(""), Sync);
        Assert.That(LineageShop.Rows(await client.ReadUntilAsync('Z')), Is.EqualTo(rows));
    }

    [Test]
    public async Task Each_result_of_a_query_of_several_statements_has_its_own()
    {
        await using var client = await _shop.ConnectAsync();
        Assert.That(
            LineageShop.Rows(await client.QueryAsync("select count(*) from people; ; select upper(ssn) from people where id = 1; select upper(name) from people where id = 1")),
            Is.EqualTo($"3;{Stars};ADA"));
    }

    [Test]
    public async Task Binary_values_and_parameters()
    {
        await using var client = await _shop.ConnectAsync();
        await client.SendAsync(
            Parse("", "select count(*), upper(ssn) from people where id = $1 and name = $2 group by ssn", 23, 0), Bind("", "", [], ["1"u8.ToArray(), "Ada"u8.ToArray()], [1]),
            Execute(""), Sync);
        var row = (await client.ReadUntilAsync('Z')).Single(frame => frame.Type == 'D').Body;
        Assert.That(row, Is.EqualTo((byte[])[0, 2, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 11, .. "***********"u8]));
    }

    [Test]
    public async Task Values_in_the_text_are_of_no_matter([Range(1, 3)] int id)
    {
        await using var client = await _shop.ConnectAsync();
        Assert.That(LineageShop.Rows(await client.QueryAsync($"select count(*), '{id}' from people where id <= {id}")), Is.EqualTo($"{id}|{id}"));
    }
}
