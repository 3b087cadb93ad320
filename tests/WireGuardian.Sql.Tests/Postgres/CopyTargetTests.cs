using System.Text;
using WireGuardian.Core.Statements;

namespace WireGuardian.Sql.Tests.Postgres;

/// <summary>The relations that statements make from queries, the columns that they compute anew, and the names that they give.</summary>
public sealed class CopyTargetTests
{
    [TestCase("create table t as select 1", "t: select 1")]
    [TestCase("create temp table if not exists \"T x\" (a, b) on commit drop as (select 1, 2) with no data;", "T x: (select 1, 2)")]
    [TestCase("CREATE UNLOGGED TABLE s.t WITH (fillfactor = 70) AS WITH x AS (SELECT 1) TABLE x WITH DATA", "s.t: WITH x AS (SELECT 1) TABLE x")]
    [TestCase("create materialized view m as select a as data from t", "m: select a as data from t")]
    [TestCase("create materialized view m as select data from t with data", "m: select data from t")]
    [TestCase("select a into t from b where c", "t: select a  from b where c")]
    [TestCase("select a, b into unlogged table s.t", "s.t: select a, b  ")]
    [TestCase("with x as (select 1 as i) select i into temp t from x", "t: with x as (select 1 as i) select i  from x")]
    [TestCase("explain analyze create table t as select 1", "t: select 1")]
    [TestCase("create table t (a int)", "")]
    [TestCase("create view v as select 1", "")]
    [TestCase("create table t as execute p", "")]
    public void What_a_statement_makes(string sql, string expected) =>
        Assert.That(Facts(sql).Creates is { } created ? $"{created.Name}: {Encoding.UTF8.GetString(created.Query.Span)}" : "", Is.EqualTo(expected));

    [TestCase("alter table only t alter column a type int using (b + 1), alter c type text using d", "t: SELECT ((b + 1)\n), (a), (d\n), (c) FROM ONLY t")]
    [TestCase("alter table if exists s.t add column g text generated always as (upper(a)) stored", "s.t: SELECT (upper(a)\n), (NULL) FROM ONLY s.t")]
    [TestCase("alter table t alter column g drop expression", "t: SELECT (g\n), (g) FROM ONLY t")]
    [TestCase("alter table t alter g set expression as (a || 'x')", "t: SELECT (a || 'x'\n), (g) FROM ONLY t")]
    [TestCase("alter table t add column a int", "")]
    public void What_it_computes_anew(string sql, string expected) =>
        Assert.That(Facts(sql).Rewrites is { } rewritten ? $"{rewritten.Table}: {Encoding.UTF8.GetString(rewritten.Query.Span)}" : "", Is.EqualTo(expected));

    [TestCase("alter table t rename to u", "t u")]
    [TestCase("alter table if exists only s.t * rename to \"U\"", "s.t U")]
    [TestCase("alter materialized view m rename to n", "m n")]
    [TestCase("alter table t rename column a to b", "")]
    [TestCase("alter table t rename a to b", "")]
    [TestCase("alter table t rename constraint a to b", "")]
    public void What_it_renames(string sql, string expected) =>
        Assert.That(Facts(sql).Renames is { } renamed ? $"{renamed.From} {renamed.To}" : "", Is.EqualTo(expected));

    [TestCase("alter table s.t detach partition u", true)]
    [TestCase("alter table if exists t detach partition u concurrently", true)]
    [TestCase("alter table only t add column a int, no inherit p", true)]
    [TestCase("alter foreign table t no inherit p", true)]
    [TestCase("alter table t attach partition u default", false)]
    [TestCase("alter table t inherit p", false)]
    [TestCase("alter table t rename column detach to partition", false)]
    public void Whether_rows_get_out_of_a_table_s_sight(string sql, bool detaches) => Assert.That(Facts(sql).Detaches, Is.EqualTo(detaches));

    [TestCase("prepare transaction 'x'", true)]
    [TestCase("commit prepared 'x'", false)]
    [TestCase("prepare x as select 1", false)]
    public void Whether_somebody_else_may_commit_it(string sql, bool prepares) => Assert.That(Facts(sql).PreparesTransaction, Is.EqualTo(prepares));

    private static StatementFacts Facts(string sql) => Sql.One(sql);
}
