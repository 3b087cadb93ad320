using System.Text;
using WireGuardian.Sql.Postgres;

namespace WireGuardian.Sql.Tests.Postgres;

/// <summary>Texts of one plain template have one template.</summary>
public sealed class PlainTemplateTests
{
    private const int Rounds = 600;

    // What turns one reading into another where it is put in, or stands in the place of something.
    private static readonly string[] Pieces =
        ["0", "7", "42", "1234567890", "1.5", "'", "''", "'a'", "E'a'", "'a\\'", "\"", " by ", " BY ", " on ", " distinct ", " limit ", " offset ", " having ", "(", ")", ",", ".", "$1", "$$", "--", "/*", "\n", "&", "\\", "ü", "x"];

    private static readonly string[] Statements =
    [
        "select a, b from t where a = 1 and b = 'x' order by 1, b limit 10 offset 20",
        "select distinct on (1, b) a, b from t where c in (1, 2, 'three') order by a limit 5",
        "select a, (select count(*) from u group by 1 having count(*) > 2), 3 from t group by 1, rollup (2, 3)",
        "insert into t (a, \"B 1\") values (1, 'x'), (22, 'yy') returning a[1], $1",
        "select U&\"d!0061t\" uescape '!', u.a1::varchar(10), f(b => 2) from s1.t2 u where x ~ '^a' || 'b'",
    ];

    [TestCase("select * from t where id = 1", "select * from t where id = 999999999")]
    [TestCase("select * from t where a = 'x' and b = ''", "select * from t where a = 'ü-- 1' and b = 'z'")]
    [TestCase("select * from t order by a limit 10", "select * from t order by a limit 20")]
    [TestCase("select (select count(*) from t group by 1), 5", "select (select count(*) from t group by 1), 6")]
    [TestCase("select $1, \"a 1\" from t where b = 1", "select $1, \"a 1\" from t where b = 22")]
    public void Values_are_taken_out(string one, string other) => Assert.That(Plain(one), Is.EqualTo(Plain(other)).And.Not.Null);

    [TestCase("select 'it''s'")]
    [TestCase("select E'x'")]
    [TestCase("select 'a\\'")]
    [TestCase("select $$x$$")]
    [TestCase("select 1.5")]
    [TestCase("select 1e5")]
    [TestCase("select .5")]
    [TestCase("select 1 -- why")]
    [TestCase("select 1 /* why */")]
    [TestCase("select 1234567890")]
    [TestCase("select U&\"d!0061t\" uescape '!'")]
    [TestCase("select 'a")]
    [TestCase("select \"a")]
    [TestCase("select 1\0 from t")]
    public void What_is_not_plain_has_none(string sql) => Assert.That(Plain(sql), Is.Null);

    [Test]
    public void One_that_does_not_fit_has_none()
    {
        Assert.That(PlainTemplate.Write("select a"u8, new byte[7]), Is.EqualTo(-1));
        Assert.That(PlainTemplate.Write("select a"u8, new byte[8]), Is.EqualTo(8));
        Assert.That(PlainTemplate.Write("select ''"u8, new byte[8]), Is.EqualTo(-1));
    }

    [Test]
    public void It_never_says_more_than_the_template_of_tokens()
    {
        var random = new Random(20261127);
        var seen = new Dictionary<string, (string Sql, string? Template)>(StringComparer.Ordinal);
        var shared = 0;
        foreach (var statement in Statements)
        {
            for (var round = 0; round < Rounds * Pieces.Length; round++)
            {
                var sql = statement;
                for (var changes = random.Next(1, 4); changes > 0; changes--)
                {
                    var at = random.Next(sql.Length + 1);
                    sql = string.Concat(sql.AsSpan(0, at), Pieces[random.Next(Pieces.Length)], sql.AsSpan(Math.Min(sql.Length, at + random.Next(3))));
                }
                if (Plain(sql) is not { } plain)
                    continue;
                var template = Template(sql);
                if (!seen.TryAdd(plain, (sql, template)) && seen[plain] is var other && other.Sql != sql)
                {
                    shared++;
                    Assert.That(template, Is.EqualTo(other.Template), $"{sql}\n{other.Sql}");
                }
            }
        }
        Assert.That(shared, Is.GreaterThan(500));
    }

    private static string? Plain(string sql)
    {
        var destination = new byte[1024];
        var length = PlainTemplate.Write(Encoding.UTF8.GetBytes(sql), destination);
        return length < 0 ? null : Encoding.UTF8.GetString(destination.AsSpan(0, length));
    }

    private static string? Template(string sql)
    {
        var destination = new byte[1024];
        var length = StatementTemplate.Write(Encoding.UTF8.GetBytes(sql), standardConformingStrings: true, destination);
        return length < 0 ? null : Encoding.UTF8.GetString(destination.AsSpan(0, length));
    }
}
