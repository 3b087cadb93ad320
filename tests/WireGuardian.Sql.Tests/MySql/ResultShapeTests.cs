using WireGuardian.Core.Statements;
using WireGuardian.Sql.MySql;

namespace WireGuardian.Sql.Tests.MySql;

/// <summary>Shapes in short: items, a bar, relations as alias=name. A dash is no shape.</summary>
public sealed class ResultShapeTests
{
    private static string Shape(string sql, MySqlSqlSettings settings) => Sql.One(sql, settings).Shape is { } shape
        ? string.Join(' ', shape.Items.Select(Item)) + " | " + string.Join(' ', shape.Relations.Select(r => $"{r.Alias}={r.Relation}"))
        : "-";

    private static string Item(ResultItem item)
    {
        var qualifier = string.Concat(new[] { item.Database, item.Qualifier }.Where(part => part is not null).Select(part => part + "."));
        return item.Kind switch
        {
            ResultItemKind.Star => "*",
            ResultItemKind.RelationStar => qualifier + "*",
            ResultItemKind.Column => qualifier + item.Column,
            ResultItemKind.Constant => "1",
            _ => "?",
        };
    }

    [TestCase("SELECT * FROM t", "* | t=t")]
    [TestCase("SELECT a, t.b, d.t.c FROM d.t", "a t.b d.t.c | t=d.t")]
    [TestCase("SELECT a AS x, b y, c 'z', d AS `w` FROM t", "a b c d | t=t")]
    [TestCase("SELECT x.*, d.t.*, y.a FROM t AS x, u y", "x.* d.t.* y.a | x=t y=u")]
    [TestCase("SELECT T.A FROM `T`", "t.a | t=t")]
    [TestCase("SELECT 1, 'a', NULL, TRUE, -5, x'41', 1.5 AS n, count(*), COUNT(*) n FROM t", "1 1 1 1 1 1 1 1 1 | t=t")]
    [TestCase("SELECT 1", "1 | ")]
    [TestCase("SELECT 1 FROM dual", "1 | ")]
    [TestCase("SELECT count(a), a + 1, lower(a), (a), -a, a IS NULL, @v, @@v, CASE a WHEN 1 THEN 2 END, (SELECT 1) FROM t", "? ? ? ? ? ? ? ? ? ? | t=t")]
    [TestCase("SELECT count(*) OVER (), count(*) + a, a COLLATE utf8_bin, BINARY a, DATE '2020-01-01', current_user, interval FROM t", "? ? ? ? ? ? ? | t=t")]
    [TestCase("SELECT a.b.c.d, .a, t.a.b FROM t", "? ? t.a.b | t=t")]
    [TestCase("SELECT 'a' 'b', _utf8'a', NOT a, a || b, a->'$.x', ?, {d '2020-01-01'} FROM t", "1 ? ? ? ? ? ? | t=t")]
    [TestCase("SELECT DISTINCT a FROM t", "a | t=t")]
    [TestCase("SELECT ALL HIGH_PRIORITY STRAIGHT_JOIN SQL_CALC_FOUND_ROWS a FROM t", "a | t=t")]
    [TestCase("SELECT SQL_NO_CACHE a FROM t", "-")]
    [TestCase("SELECT SQL_CACHE a FROM t", "-")]
    [TestCase("SELECT SQL_BUFFER_RESULT a FROM t", "-")]
    [TestCase("SELECT t.select, t.from FROM t", "t.select t.from | t=t")]
    [TestCase("SELECT a FROM t WHERE b IN (SELECT ssn FROM people) GROUP BY a HAVING a > 1 ORDER BY b LIMIT 3", "a | t=t")]
    [TestCase("SELECT a FROM t FOR UPDATE", "a | t=t")]
    [TestCase("SELECT a FROM t LOCK IN SHARE MODE", "a | t=t")]
    [TestCase("SELECT * FROM a JOIN b ON a.x = b.x LEFT JOIN c ON left(b.y, 1) = c.y", "* | a=a b=b c=c")]
    [TestCase("SELECT * FROM a CROSS JOIN b INNER JOIN c STRAIGHT_JOIN d ON 1, e", "* | a=a b=b c=c d=d e=e")]
    [TestCase("SELECT a.* FROM t a JOIN u b ON a.id = b.id", "a.* | a=t b=u")]
    [TestCase("SELECT * FROM a RIGHT JOIN b ON 1", "-")]
    [TestCase("SELECT x FROM a RIGHT OUTER JOIN b ON 1", "x | a=a b=b")]
    [TestCase("SELECT * FROM a NATURAL JOIN b", "-")]
    [TestCase("SELECT a.* FROM a NATURAL LEFT JOIN b", "-")]
    [TestCase("SELECT x FROM a NATURAL JOIN b", "x | a=a b=b")]
    [TestCase("SELECT * FROM a JOIN b USING (x)", "-")]
    [TestCase("SELECT a.x FROM a JOIN b USING (x)", "a.x | a=a b=b")]
    [TestCase("SELECT a FROM t PARTITION (p0, p1) AS x FORCE INDEX FOR ORDER BY (i), USE INDEX () WHERE a = 1", "a | x=t")]
    [TestCase("SELECT a FROM t USE KEY FOR JOIN (i)", "a | t=t")]
    [TestCase("SELECT a FROM (SELECT ssn AS a FROM people) t", "-")]
    [TestCase("SELECT a FROM t, (SELECT 1) x", "-")]
    [TestCase("SELECT a FROM (t)", "-")]
    [TestCase("SELECT a FROM (t JOIN u)", "-")]
    [TestCase("SELECT a FROM t JOIN (u JOIN v) ON 1", "-")]
    [TestCase("SELECT a FROM { OJ t LEFT JOIN u ON 1 }", "-")]
    [TestCase("SELECT a FROM json_table('[]', '$' COLUMNS (a int PATH '$')) t", "-")]
    [TestCase("SELECT a FROM t, LATERAL (SELECT 1) x", "-")]
    [TestCase("WITH t AS (SELECT ssn AS a FROM people) SELECT a FROM t", "-")]
    [TestCase("SELECT a FROM t UNION SELECT ssn FROM people", "-")]
    [TestCase("SELECT a FROM t EXCEPT SELECT b FROM u", "-")]
    [TestCase("SELECT a FROM t INTERSECT SELECT b FROM u", "-")]
    [TestCase("(SELECT a FROM t)", "-")]
    [TestCase("SELECT a INTO @v FROM t", "-")]
    [TestCase("SELECT a FROM t INTO OUTFILE 'x'", "-")]
    [TestCase("SELECT a, FROM t", "-")]
    [TestCase("SELECT FROM t", "-")]
    [TestCase("SELECT a FROM", "-")]
    [TestCase("SELECT a FROM t u v", "-")]
    [TestCase("SELECT a FROM t PROCEDURE ANALYSE()", "-")]
    [TestCase("TABLE t", "* | t=t")]
    [TestCase("TABLE d.t ORDER BY a LIMIT 1", "* | t=d.t")]
    [TestCase("TABLE t UNION TABLE u", "-")]
    [TestCase("VALUES ROW(1)", "-")]
    [TestCase("EXPLAIN SELECT a FROM t", "-")]
    [TestCase("EXECUTE s", "-")]
    [TestCase("SHOW TABLES", "-")]
    [TestCase("HANDLER t READ FIRST", "-")]
    [TestCase("INSERT INTO t SELECT a FROM u", "-")]
    public void Columns_are_told_from_the_text_where_they_can_be(string sql, string shape)
    {
        Assert.That(Shape(sql, Sql.MySql), Is.EqualTo(shape));
        Assert.That(Shape(sql, Sql.MariaDb), Is.EqualTo(shape));
    }

    [TestCase("INSERT INTO d.t (a) VALUES (1) RETURNING a, t.b, b + 1, *", "a t.b ? * | t=d.t")]
    [TestCase("REPLACE t VALUES (1) RETURNING *", "* | t=t")]
    [TestCase("DELETE FROM t WHERE a = 1 RETURNING a AS b, 1", "a 1 | t=t")]
    [TestCase("DELETE FROM t RETURNING (SELECT ssn FROM people)", "? | t=t")]
    [TestCase("SELECT a FROM t FOR SYSTEM_TIME ALL", "-")]
    [TestCase("SELECT \\N, NEXT VALUE FOR s FROM t", "1 ? | t=t")]
    public void MariaDBs_own_results_are_told(string sql, string shape) => Assert.That(Shape(sql, Sql.MariaDb), Is.EqualTo(shape));

    [Test]
    public void A_derived_table_that_is_called_like_a_real_one_has_no_shape() =>
        Assert.That(Sql.One("select name from (select ssn as name from emp) dept").Shape, Is.Null);

    [Test]
    public void Names_of_an_item_are_folded() =>
        Assert.That(Sql.One("SELECT `\u212Aey` FROM t").Shape!.Items[0], Is.EqualTo(new ResultItem(ResultItemKind.Column, null, null, "key")));

    [Test]
    public void A_join_of_more_relations_than_a_server_takes_has_no_shape() =>
        Assert.That(Sql.One("SELECT a FROM t" + string.Concat(Enumerable.Repeat(", t", 200))).Shape, Is.Null);

    [Test]
    public void The_relation_of_an_alias_keeps_its_database() =>
        Assert.That(Sql.One("SELECT * FROM hr.people p").Shape!.Relations[0], Is.EqualTo(new ResultRelation("p", new Identifier("hr", "people"))));
}
