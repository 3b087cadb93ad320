namespace WireGuardian.Postgres.Tests.Lineage.Generated;

/// <summary>
/// The same tables in several schemas, v0 to v5: in each but the first, one masked column holds other values. So a query runs on all of them to show what its
/// columns truly come from, and nothing is ever changed. Nulls stay where they are: that a value is null is not masked.
/// </summary>
internal static class GeneratedSchema
{
    /// <summary>Stands for the schema in the text of a generated query.</summary>
    public const string Placeholder = "@@";

    /// <summary>The masked columns; the one that schema v1 changes first.</summary>
    public static readonly string[] Masked = ["person.ssn", "person.pay", "team.secret", "tag.codes", "tag.rank"];

    /// <summary>The values that each of them is changed to, as text.</summary>
    public static readonly string[][] Changed = [["Other 5", "x", "zz top"], ["17", "3", "40"], ["changed it", "w"], ["{q,r,s}", "{t,u}"], ["8", "6"]];

    /// <summary>The masked columns first: they are what queries are to be made of.</summary>
    public static readonly (string Name, GeneratedColumn[] Columns)[] Relations =
    [
        ("person", [new("ssn", GeneratedType.Text), new("pay", GeneratedType.Number), Clean("id", GeneratedType.Number), Clean("name", GeneratedType.Text), Clean("team", GeneratedType.Number)]),
        ("team", [new("secret", GeneratedType.Text), Clean("title", GeneratedType.Text), Clean("id", GeneratedType.Number)]),
        ("tag", [new("codes", GeneratedType.List), new("rank", GeneratedType.Number), Clean("label", GeneratedType.Text), Clean("id", GeneratedType.Number)]),
        ("v_person", [new("hidden", GeneratedType.Text), Clean("name", GeneratedType.Text), Clean("id", GeneratedType.Number)]),
        ("v_team", [new("what", GeneratedType.Text), new("total", GeneratedType.Number), Clean("who", GeneratedType.Text), Clean("id", GeneratedType.Number)]),
    ];

    public static string Sql => string.Join('\n', Enumerable.Range(0, Masked.Length + 1).Select(Version));

    public static string In(int schema, string sql) => sql.Replace(Placeholder, $"v{schema}", StringComparison.Ordinal);

    private static GeneratedColumn Clean(string name, GeneratedType type) => new(name, type, IsClean: true);

    private static string Version(int schema)
    {
        string Value(string column, string usual, string changed) => schema > 0 && Masked[schema - 1] == column ? changed : usual;
        return In(
            schema,
            $$"""
            create schema @@;
            create table @@.person (id int, name text, ssn text, pay int, team int) with (autovacuum_enabled = off);
            insert into @@.person values
                (1, 'ann', {{Value("person.ssn", "'s-1'", "'Other 5'")}}, {{Value("person.pay", "10", "17")}}, 1),
                (2, 'bob', {{Value("person.ssn", "'s-22'", "'x'")}}, {{Value("person.pay", "25", "3")}}, 1),
                (3, 'cid', null, null, 2),
                (4, 'ann', {{Value("person.ssn", "'ann'", "'zz top'")}}, {{Value("person.pay", "4", "40")}}, null);
            create table @@.team (id int, title text, secret text) with (autovacuum_enabled = off);
            insert into @@.team values (1, 'red', {{Value("team.secret", "'hush'", "'changed it'")}}), (2, 'blue', {{Value("team.secret", "'quiet'", "'w'")}}), (3, null, null);
            create table @@.tag (id int, label text, codes text[], rank int) with (autovacuum_enabled = off);
            insert into @@.tag values
                (1, 'one', {{Value("tag.codes", "'{a,b}'", "'{q,r,s}'")}}, {{Value("tag.rank", "1", "8")}}),
                (2, 'two', {{Value("tag.codes", "'{c}'", "'{t,u}'")}}, {{Value("tag.rank", "2", "6")}});
            create view @@.v_person as select id, upper(ssn) as hidden, name from @@.person;
            create view @@.v_team as select t.id, p.name as who, t.secret as what, (sum(p.pay) over (partition by t.id))::int as total from @@.team t left join @@.person p on p.team = t.id;
            """);
    }
}
