using FsCheck;
using FsCheck.Fluent;
using WireGuardian.Core.Statements;
using WireGuardian.MySql.Rewriting;

namespace WireGuardian.MySql.Tests.Rewriting;

public sealed class MessageRedactorTests
{
    [TestCase(1062, "Duplicate entry 'secret' for key 'people.ssn'", "Duplicate entry '***' for key 'people.ssn'")]
    [TestCase(1062, "Duplicate entry 'O'Brien' for key 'x' for key 'PRIMARY'", "Duplicate entry '***' for key 'PRIMARY'")]
    [TestCase(1366, "Incorrect integer value: 'secret' for column `shop`.`people`.`id` at row 1", "Incorrect integer value: '***' for column `shop`.`people`.`id` at row 1")]
    [TestCase(1292, "Truncated incorrect DOUBLE value: 'secret'", "Truncated incorrect DOUBLE value: '***'")]
    [TestCase(1105, "XPATH syntax error: '~secret'", "XPATH syntax error: '***'")]
    [TestCase(1690, "BIGINT value is out of range in '('secret' + 1)'", "BIGINT value is out of range in '***'")]
    [TestCase(3141, "Invalid JSON text: \"secret\" at position 0", "Invalid JSON text: \"***\"")]
    [TestCase(1242, "Subquery returns more than 1 row", "Subquery returns more than 1 row")]
    [TestCase(1054, "Unknown column 'nope' in 'SELECT'", "Unknown column 'nope' in 'SELECT'")]
    [TestCase(1644, "it is secret", MessageRedactor.Withheld)]
    [TestCase(30001, "it is secret", MessageRedactor.Withheld)]
    public void What_may_be_a_value_goes(int code, string message, string expected) =>
        Assert.That(MessageRedactor.Redact((ushort)code, message, runsCode: false, []), Is.EqualTo(expected));

    [Test]
    public void What_code_says_is_withheld() =>
        Assert.That(MessageRedactor.Redact(1062, "secret", runsCode: true, []), Is.EqualTo(MessageRedactor.Withheld));

    [Test]
    public void Names_of_the_statement_itself_stay() =>
        Assert.That(MessageRedactor.Redact(1176, "Key 'ssn' doesn't exist in table 'people'", runsCode: false, [new Identifier("people", "ssn")]), Does.Not.Contain("secret"));

    [Test]
    public void No_value_between_quotes_survives() => Prop.ForAll<string>(value =>
        !MessageRedactor.Redact(1062, $"Duplicate entry 'secret{value}secret' for key 'k'", runsCode: false, []).Contains("secret", StringComparison.Ordinal)).QuickCheckThrowOnFailure();
}
