using System.Text;
using WireGuardian.Core.Statements;
using WireGuardian.Sql.Postgres;

namespace WireGuardian.Sql.Tests.Postgres;

public sealed class RoutineBodyTests
{
    private static RoutineFacts Scan(string body) => RoutineBody.Scan(Encoding.UTF8.GetBytes(body));

    [TestCase("BEGIN RETURN NEW; END", "")]
    [TestCase("BEGIN NEW.a := lower(NEW.b); NEW.\"C\" = 1; RETURN NEW; END;", "a: b lower C:")]
    [TestCase("BEGIN IF NEW.a THEN NEW.b := 1; ELSE NEW.b := 2; END IF; RETURN OLD; END", "b: a b: a")]
    [TestCase("BEGIN IF NEW.a IS DISTINCT FROM OLD.a AND (NEW.c IS NOT NULL) THEN NEW.b := now(); END IF; RETURN NULL; END", "b: now")]
    [TestCase("BEGIN IF NEW.a IS DISTINCT FROM OLD.b THEN NEW.c := 1; END IF; RETURN NEW; END", "c: a b")]
    [TestCase("BEGIN IF x || NEW.a IS NULL THEN NEW.c := 1; END IF; RETURN NEW; END", "c: a x")]
    [TestCase("DECLARE v text; BEGIN NEW.a := 1; RETURN NEW; END", null)]
    [TestCase("BEGIN v := NEW.a; RETURN NEW; END", null)]
    [TestCase("BEGIN NEW := OLD; RETURN NEW; END", null)]
    [TestCase("BEGIN OLD.a := NEW.b; RETURN NEW; END", null)]
    [TestCase("BEGIN NEW.a[1] := 1; RETURN NEW; END", null)]
    [TestCase("BEGIN NEW.a := ; RETURN NEW; END", null)]
    [TestCase("BEGIN SELECT 1 INTO NEW.a; RETURN NEW; END", null)]
    [TestCase("BEGIN BEGIN NEW.a := 1; END; RETURN NEW; END", null)]
    [TestCase("BEGIN NEW.a := 1; EXCEPTION WHEN others THEN NULL; END", null)]
    [TestCase("BEGIN IF CASE WHEN NEW.a THEN true END THEN NEW.b := 1; END IF; RETURN NEW; END", null)]
    [TestCase("BEGIN NEW.a := 1; RETURN NEW; END; END", null)]
    [TestCase("BEGIN NEW.a := 1", null)]
    [TestCase("", null)]
    [TestCase("SELECT 1", null)]
    public void What_a_trigger_sets_in_its_row_is_known_where_it_does_nothing_else(string body, string? assignments)
    {
        var found = Scan(body).RowAssignments?.Select(one =>
            $"{one.Column}: {string.Join(' ', one.Names.Select(name => name.Name).Where(name => name is not ("new" or "old")).Order(StringComparer.Ordinal))}".Trim());
        Assert.That(found is null ? null : string.Join(' ', found), Is.EqualTo(assignments));
    }

    [TestCase("SELECT 1", "select")]
    [TestCase("BEGIN INSERT INTO t VALUES (1); UPDATE t SET a = 1; DELETE FROM t; END", "insert update delete")]
    [TestCase("BEGIN SELECT a INTO x FROM t FOR UPDATE; END", "select")]
    [TestCase("BEGIN DROP TABLE t; TRUNCATE u; END", "delete ddl")]
    [TestCase("BEGIN ALTER ROLE r SUPERUSER; END", "ddl privilege")]
    [TestCase("BEGIN a := pg_read_file('x'); END", "export")]
    [TestCase("BEGIN RETURN 'x; END", "unclassified")]
    public void Kinds_are_those_of_what_may_run(string body, string kinds) =>
        Assert.That(string.Join(' ', Scan(body).Kinds.ToNames()), Is.EqualTo(kinds));

    [TestCase("BEGIN EXECUTE 'x'; END", true)]
    [TestCase("BEGIN RETURN QUERY EXECUTE format('%s', a); END", true)]
    [TestCase("SELECT query_to_xml(a, true, true, '')", true)]
    [TestCase("BEGIN 'unterminated", true)]
    [TestCase("BEGIN RETURN 'EXECUTE'; END -- EXECUTE", false)]
    public void Dynamic_sql_is_seen(string body, bool isDynamic) => Assert.That(Scan(body).HasDynamicSql, Is.EqualTo(isDynamic));

    [TestCase("BEGIN FETCH c INTO r; END", true)]
    [TestCase("BEGIN FETCH NEXT FROM c INTO r; END", true)]
    [TestCase("BEGIN MOVE c; END", true)]
    [TestCase("DECLARE c refcursor; BEGIN END", true)]
    [TestCase("SELECT 1 FETCH FIRST 5 ROWS ONLY", false)]
    [TestCase("SELECT 1 FETCH NEXT ROW ONLY", false)]
    [TestCase("SELECT 1 FETCH FIRST (1 + 1) ROWS WITH TIES", false)]
    public void Reading_a_cursor_is_seen(string body, bool reads) => Assert.That(Scan(body).ReadsCursor, Is.EqualTo(reads));

    [TestCase("CREATE FUNCTION f() RETURNS text LANGUAGE sql AS 'SELECT a FROM t'", false)]
    [TestCase("CREATE FUNCTION f() RETURNS text LANGUAGE sql BEGIN ATOMIC SELECT a FROM t; END", false)]
    [TestCase("CREATE FUNCTION f() RETURNS text LANGUAGE plpgsql AS $$ BEGIN RETURN QUERY EXECUTE 'SEL' || 'ECT 1'; END $$", true)]
    [TestCase("CREATE FUNCTION f() RETURNS text LANGUAGE plpgsql AS $$ DECLARE r record; BEGIN FOR r IN EXECUTE 'x' LOOP END LOOP; END $$", true)]
    [TestCase("CREATE PROCEDURE f() LANGUAGE plpgsql AS $$ BEGIN FETCH NEXT FROM c INTO r; END $$", true)]
    [TestCase("CREATE FUNCTION f() RETURNS text AS $$ x $$ LANGUAGE plpython3u", true)]
    public void A_routine_that_may_read_anything_is_told(string sql, bool isUnseen) => Assert.That(Sql.One(sql).RoutineIsUnseen, Is.EqualTo(isUnseen));

    [Test]
    public void A_body_that_reads_differently_under_another_setting_is_read_both_ways()
    {
        var facts = Scan(@"SELECT 'a\' || x, 'b' || y || '' FROM t; --'");
        Assert.That(facts.Identifiers, Is.SupersetOf(new[] { new Identifier(null, "x"), new Identifier(null, "y"), new Identifier(null, "b") }.Take(2)));
    }
}
