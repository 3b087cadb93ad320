using WireGuardian.Core.Statements;
using WireGuardian.Sql.MySql;

namespace WireGuardian.Sql.Tests.MySql;

/// <summary>Shapes in short: items, a bar, relations as alias=name; blocks with a plus between. A dash is no shape, a question mark an item that may be anything.</summary>
public sealed class ResultShapeTests
{
    private static string Shape(string sql, MySqlSqlSettings settings) => Sql.One(sql, settings).Shape is { } shape ? Shape(shape) : "-";

    private static string Shape(ResultShape shape) => string.Join(" + ", shape.Blocks.Select(block =>
        string.Join(' ', block.Items.Select(Item)) + " | " + string.Join(' ', block.Relations.Select(Relation))));

    private static string Relation(ResultRelation relation) =>
        $"{relation.Alias}{(relation.Columns is null ? "" : $"({string.Join(',', relation.Columns)})")}={(relation.Query is null ? relation.Relation : $"[{Shape(relation.Query)}]")}";

    private static string Item(ResultItem item)
    {
        var qualifier = string.Concat(new[] { item.Database, item.Qualifier }.Where(part => part is not null).Select(part => part + "."));
        return item.Kind switch
        {
            ResultItemKind.Star => "*",
            ResultItemKind.RelationStar => qualifier + item.Column + "*",
            ResultItemKind.Column => qualifier + item.Column,
            ResultItemKind.Constant => "1",
            ResultItemKind.Computed => $"f({string.Join(',', item.Operands.Select(Item))})",
            ResultItemKind.Subquery => $"[{Shape(item.Query!)}]",
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
    [TestCase("SELECT count(a), a + 1, lower(a), (a), -a, a IS NULL, @v, @@v, CASE a WHEN 1 THEN b END, (SELECT 1) FROM t", "f(a) f(a) f(a) f(a) f(a) f(a) ? ? f(a,b) f([1 | ]) | t=t")]
    [TestCase("SELECT count(*) OVER w, count(*) + a, a COLLATE utf8_bin, BINARY a, DATE '2020-01-01', current_user FROM t", "? f(a) f(a) f(a) ? 1 | t=t")]
    [TestCase("SELECT a.b.c.d, .a, t.a.b FROM t", "? ? t.a.b | t=t")]
    [TestCase("SELECT 'a' 'b', _utf8'a', NOT a, a || b, a->'$.x', ?, {d '2020-01-01'} FROM t", "1 ? f(a) f(a,b) f(a) 1 ? | t=t")]
    [TestCase("SELECT DISTINCT a FROM t", "a | t=t")]
    [TestCase("SELECT ALL HIGH_PRIORITY STRAIGHT_JOIN SQL_CALC_FOUND_ROWS a FROM t", "a | t=t")]
    [TestCase("SELECT SQL_NO_CACHE a FROM t", "a | t=t")]
    [TestCase("SELECT /*!40001 SQL_NO_CACHE */ * FROM `t`", "* | t=t")]
    [TestCase("SELECT SQL_NO_CACHE.a FROM t SQL_NO_CACHE", "-")]
    [TestCase("SELECT SQL_CACHE a FROM t", "-")]
    [TestCase("SELECT SQL_BUFFER_RESULT a FROM t", "a | t=t")]
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
    [TestCase("SELECT a FROM (SELECT ssn AS a FROM people) t", "a | t=[ssn | people=people]")]
    [TestCase("SELECT a FROM (SELECT b, c FROM u) AS t (a, d)", "a | t(a,d)=[b c | u=u]")]
    [TestCase("SELECT a FROM (SELECT 1)", "-")]
    [TestCase("SELECT a FROM t, (SELECT 1) x", "a | t=t x=[1 | ]")]
    [TestCase("SELECT a FROM (t)", "a | t=t")]
    [TestCase("SELECT a FROM (t JOIN u)", "a | t=t u=u")]
    [TestCase("SELECT a FROM t JOIN (u JOIN v) ON 1", "a | t=t u=u v=v")]
    [TestCase("SELECT * FROM t JOIN (u NATURAL JOIN v) ON 1", "-")]
    [TestCase("SELECT a FROM ((SELECT 1) d JOIN t)", "-")]
    [TestCase("SELECT a FROM { OJ t LEFT JOIN u ON 1 }", "-")]
    [TestCase("SELECT a FROM json_table('[]', '$' COLUMNS (a int PATH '$')) t", "-")]
    [TestCase("SELECT a FROM t, LATERAL (SELECT 1) x", "-")]
    [TestCase("WITH t AS (SELECT ssn AS a FROM people) SELECT a FROM t", "a | t=[ssn | people=people]")]
    [TestCase("WITH t (x) AS (SELECT a FROM u), v AS (SELECT x FROM t) SELECT * FROM v", "* | v=[x | t(x)=[a | u=u]]")]
    [TestCase("WITH t AS (SELECT a FROM u) SELECT a FROM d.t", "a | t=d.t")]
    [TestCase("WITH T AS (SELECT a FROM u) SELECT a FROM t", "-")]
    [TestCase("WITH t AS (SELECT a FROM t) SELECT a FROM t", "-")]
    [TestCase("WITH a AS (SELECT x FROM b), b AS (SELECT y FROM u) SELECT x FROM a", "-")]
    [TestCase("WITH RECURSIVE t AS (SELECT 1 AS a UNION SELECT a FROM t) SELECT a FROM t", "-")]
    [TestCase("WITH t AS (SELECT a FROM u) SELECT 1 FROM w", "1 | w=w")]
    [TestCase("SELECT x FROM (WITH t AS (SELECT a AS x FROM u) SELECT x FROM t) d", "x | d=[x | t=[a | u=u]]")]
    [TestCase("SELECT a FROM t UNION SELECT ssn FROM people", "a | t=t + ssn | people=people")]
    [TestCase("(SELECT a FROM t) UNION ALL (SELECT b FROM u LIMIT 1) ORDER BY 1 LIMIT 2", "a | t=t + b | u=u")]
    [TestCase("SELECT a FROM t EXCEPT SELECT b FROM u", "a | t=t + b | u=u")]
    [TestCase("SELECT a FROM t INTERSECT SELECT b FROM u", "a | t=t + b | u=u")]
    [TestCase("SELECT 1 UNION SELECT b FROM u", "1 |  + b | u=u")]
    [TestCase("(SELECT a FROM t)", "a | t=t")]
    [TestCase("SELECT a INTO @v FROM t", "-")]
    [TestCase("SELECT a FROM t INTO OUTFILE 'x'", "-")]
    [TestCase("SELECT a, FROM t", "-")]
    [TestCase("SELECT FROM t", "-")]
    [TestCase("SELECT a FROM", "-")]
    [TestCase("SELECT a FROM t u v", "-")]
    [TestCase("SELECT a FROM t PROCEDURE ANALYSE()", "-")]
    [TestCase("TABLE t", "* | t=t")]
    [TestCase("TABLE d.t ORDER BY a LIMIT 1", "* | t=d.t")]
    [TestCase("TABLE t UNION TABLE u", "* | t=t + * | u=u")]
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

    [TestCase("INSERT INTO d.t (a) VALUES (1) RETURNING a, t.b, b + 1, *", "a t.b f(b) * | t=d.t")]
    [TestCase("REPLACE t VALUES (1) RETURNING *", "* | t=t")]
    [TestCase("DELETE FROM t WHERE a = 1 RETURNING a AS b, 1", "a 1 | t=t")]
    [TestCase("DELETE FROM t RETURNING (SELECT ssn FROM people)", "f([ssn | people=people]) | t=t")]
    [TestCase("SELECT a FROM t FOR SYSTEM_TIME ALL", "-")]
    [TestCase("SELECT \\N, NEXT VALUE FOR s FROM t", "1 ? | t=t")]
    public void MariaDBs_own_results_are_told(string sql, string shape) => Assert.That(Shape(sql, Sql.MariaDb), Is.EqualTo(shape));

    [Test]
    public void A_derived_table_that_is_called_like_a_real_one_is_a_derived_table() =>
        Assert.That(Shape("select name from (select ssn as name from emp) dept", Sql.MariaDb), Is.EqualTo("name | dept=[ssn | emp=emp]"));

    /// <summary>Everything that a value can come from is among its operands, or the value may be anything.</summary>
    [TestCase("concat_ws(' ', a, d.t.b, 'x')", "f(a,d.t.b)")]
    [TestCase("coalesce(a, b, 0) * 2 - c % d", "f(a,b,c,d)")]
    [TestCase("a BETWEEN b AND c OR NOT d XOR e", "f(a,b,c,d,e)")]
    [TestCase("a IN (b, 1, ?) AND c NOT LIKE 'x' ESCAPE '|'", "f(a,b,c)")]
    [TestCase("a LIKE b ESCAPE c", "f(a,b,c)")]
    [TestCase("CASE WHEN a > 1 THEN b ELSE c END", "f(a,b,c)")]
    [TestCase("CASE WHEN end THEN 1 END", "?")]
    [TestCase("CASE WHEN a THEN 1 END end, CASE WHEN b THEN end END", "f(a) ?")]
    [TestCase("cast(a AS char(10) CHARACTER SET latin1)", "f(a)")]
    [TestCase("convert(a USING utf8mb4)", "f(a)")]
    [TestCase("date_add(a, INTERVAL b DAY)", "f(a,b)")]
    [TestCase("a + INTERVAL 1 DAY", "f(a)")]
    [TestCase("extract(year FROM a)", "f(a)")]
    [TestCase("timestampdiff(SECOND, a, b)", "f(a,b)")]
    [TestCase("trim(BOTH 'x' FROM a)", "f(a)")]
    [TestCase("substring(a FROM 1 FOR b)", "f(a,b)")]
    [TestCase("group_concat(DISTINCT a ORDER BY b DESC SEPARATOR ';')", "f(a,b)")]
    [TestCase("count(DISTINCT a, b)", "f(a,b)")]
    [TestCase("now(), sum(1)", "1 1")]
    [TestCase("a->'$.x', a->>'$.y'", "f(a) f(a)")]
    [TestCase("(SELECT max(b) FROM u WHERE ssn = 1)", "f([f(b) | u=u])")]
    [TestCase("a IN (SELECT b FROM u)", "f(a,[b | u=u])")]
    [TestCase("EXISTS (SELECT 1 FROM u), NOT EXISTS (SELECT b FROM u) AND a", "f([1 | u=u]) f([b | u=u],a)")]
    [TestCase("EXISTS (VALUES ROW(1)), EXISTS (SELECT 1 FROM u) AS e", "? f([1 | u=u])")]
    [TestCase("count (a)", "?")]
    [TestCase("`count`(a)", "?")]
    [TestCase("d.lower(a)", "?")]
    [TestCase("my_function(a)", "?")]
    [TestCase("last_insert_id(a)", "?")]
    [TestCase("sleep(1), benchmark(1, a), get_lock(a, 1), load_file(a), rand(a)", "? ? ? ? f(a)")]
    [TestCase("values(a), default(a)", "? ?")]
    [TestCase("@v := a", "?")]
    [TestCase("lower(@v)", "?")]
    [TestCase("sum(a) OVER (ORDER BY b), count(*) OVER (), row_number() OVER()", "f(a,b) 1 1")]
    [TestCase("lag(a, 1) OVER (PARTITION BY b, lower(c) ORDER BY d DESC, e) + f AS x, rank() OVER (ORDER BY a) y", "f(a,b,c,d,e,f) f(a)")]
    [TestCase("max(a) OVER (PARTITION BY (SELECT ssn FROM u))", "f(a,[ssn | u=u])")]
    [TestCase("count(*) OVER w, count(*) OVER (w), count(*) OVER (w ORDER BY b), row_number()", "? ? ? ?")]
    [TestCase("sum(a) OVER (ORDER BY b ROWS UNBOUNDED PRECEDING), sum(a) OVER (ORDER BY b DESC ROWS BETWEEN CURRENT ROW AND 1 FOLLOWING)", "? ?")]
    [TestCase("sum(a) OVER (ORDER BY b RANGE 1 PRECEDING), sum(a) OVER (ROWS 1 PRECEDING), sum(a) OVER (partition)", "? ? ?")]
    [TestCase("(a) OVER (), a OVER (), my_function(a) OVER (), first_value(a) IGNORE NULLS OVER (), d.lag(a) OVER ()", "? ? ? ? ?")]
    [TestCase("ssn AS a, sum(b) OVER (ORDER BY a), sum(b) OVER (ORDER BY t.a), sum(a) OVER (ORDER BY c)", "ssn ? f(b,t.a) f(a,c)")]
    [TestCase("lower(ssn) a, sum(b) OVER (PARTITION BY a) AS c, 1 AS b, row_number() OVER (ORDER BY b)", "f(ssn) ? 1 f(b)")]
    [TestCase("ssn AS ' a', row_number() OVER (ORDER BY a)", "ssn ?")]
    [TestCase("t.a, a AS a, row_number() OVER (ORDER BY a), count(*) OVER (PARTITION BY `lower(ssn)`)", "t.a a f(a) ?")]
    [TestCase("a SOUNDS LIKE b", "?")]
    [TestCase("MATCH (a) AGAINST ('x')", "?")]
    [TestCase("a MEMBER OF (b)", "?")]
    [TestCase("_utf8mb4 'x', _latin1 x'41'", "? ?")]
    [TestCase("{fn lower(a)}", "?")]
    [TestCase("a = ANY (SELECT ssn FROM u)", "?")]
    [TestCase("lower(a) AS x, b + 1 y, 'c' 'd', -1 z", "f(a) f(b) 1 1")]
    public void An_expression_is_computed_from_its_operands(string items, string expected)
    {
        foreach (var settings in new[] { Sql.MySql, Sql.MariaDb })
            Assert.That(Shape($"SELECT {items} FROM t", settings), Is.EqualTo(expected + " | t=t"));
    }

    /// <summary>A name that is not sure is none: servers take blanks off a quoted alias, and call what has no alias by its text.</summary>
    [TestCase("a, t.b, c AS x, d y, e 'z', f `W`", "a b x y z w")]
    [TestCase("a + 1, a + 1 AS x, lower(a) y, 1, now() - INTERVAL 1 DAY", "- x y - -")]
    [TestCase("a AS ' x', b AS 'x ', c `y z`, d AS 'q\u00A0'", "- - - -")]
    [TestCase("'a' 'b', 'a' b", "- b")]
    public void Result_columns_are_called_what_the_text_says(string items, string expected) =>
        Assert.That(string.Join(' ', Sql.One($"SELECT {items} FROM t").Shape!.Blocks[0].Items.Select(item => item.Name ?? "-")), Is.EqualTo(expected));

    [Test]
    public void Queries_nested_further_than_is_looked_into_have_no_shape()
    {
        string Nested(int depth) => depth == 0 ? "SELECT a FROM t" : $"SELECT a FROM ({Nested(depth - 1)}) d";
        Assert.That((Sql.One(Nested(10)).Shape is null, Sql.One(Nested(40)).Shape is null), Is.EqualTo((false, true)));
        Assert.That(Sql.One(new string('(', 100_000) + "SELECT 1" + new string(')', 100_000)).Shape, Is.Null);
    }

    [Test]
    public void Names_of_an_item_are_folded() =>
        Assert.That(Sql.One("SELECT `\u212Aey` FROM t").Shape!.Blocks[0].Items[0].Column, Is.EqualTo("key"));

    [Test]
    public void A_join_of_more_relations_than_a_server_takes_has_no_shape() =>
        Assert.That(Sql.One("SELECT a FROM t" + string.Concat(Enumerable.Repeat(", t", 200))).Shape, Is.Null);

    [Test]
    public void The_relation_of_an_alias_keeps_its_database() =>
        Assert.That(Sql.One("SELECT * FROM hr.people p").Shape!.Blocks[0].Relations[0], Is.EqualTo(new ResultRelation("p", new Identifier("hr", "people"))));
}
