using System.Text;
using WireGuardian.Core.Statements;
using WireGuardian.Sql.MySql;

namespace WireGuardian.Sql.Tests.MySql;

public sealed class RoutineBodyTests
{
    private static RoutineFacts Scan(string body) => RoutineBody.Scan(Encoding.UTF8.GetBytes(body), Sql.MariaDb);

    [TestCase("BEGIN SELECT 1; END", "select")]
    [TestCase("BEGIN IF a THEN DELETE FROM t; ELSE UPDATE t SET a = 1; END IF; END", "update delete")]
    [TestCase("RETURN 1", "")]
    [TestCase("SET NEW.a = OLD.b", "")]
    [TestCase("BEGIN CALL p(); COMMIT; END", "code transaction")]
    [TestCase("BEGIN SET GLOBAL a = 1; END", "privilege session")]
    [TestCase("BEGIN CREATE USER u; DROP TABLE t; END", "ddl privilege")]
    [TestCase("BEGIN SELECT a INTO OUTFILE 'x' FROM t; END", "select export")]
    [TestCase("BEGIN SELECT replace(a, 'b', 'c'), insert(a, 1, 2, 'x'); END", "select")]
    [TestCase("BEGIN SELECT 'x", "unclassified")]
    public void A_body_has_the_kinds_of_its_statements(string body, string kinds) =>
        Assert.That(string.Join(' ', Scan(body).Kinds.ToNames()), Is.EqualTo(kinds));

    [TestCase("BEGIN PREPARE s FROM @a; EXECUTE s; END", true)]
    [TestCase("BEGIN EXECUTE IMMEDIATE 'x'; END", true)]
    [TestCase("BEGIN SELECT 'x", true)]
    [TestCase("BEGIN SELECT 1; END", false)]
    public void Text_that_is_made_while_it_runs_is_told(string body, bool isDynamic) => Assert.That(Scan(body).HasDynamicSql, Is.EqualTo(isDynamic));

    [TestCase("BEGIN SELECT ssn INTO @a FROM people; END", true)]
    [TestCase("SET @a = (SELECT ssn FROM people)", true)]
    [TestCase("BEGIN SELECT @a := ssn FROM people; END", true)]
    [TestCase("BEGIN CALL p(@a); END", true)]
    [TestCase("BEGIN SELECT @a; END", false)]
    public void Variables_that_outlive_the_call_are_told(string body, bool writes)
    {
        var facts = Scan(body);
        Assert.That(facts.UserVariablesWritten, Is.EqualTo(writes));
        Assert.That(facts.UserVariables, Does.Contain("a"));
    }

    [Test]
    public void Names_are_those_of_all_statements() =>
        Assert.That(
            Scan("BEGIN INSERT INTO hr.log SELECT `Ssn` FROM people; END").Identifiers,
            Is.SupersetOf(new[] { new Identifier("hr", "log"), new Identifier(null, "ssn"), new Identifier(null, "people") }));
}
