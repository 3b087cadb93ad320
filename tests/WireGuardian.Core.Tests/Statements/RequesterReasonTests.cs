using System.Text;
using WireGuardian.Core.Statements;

namespace WireGuardian.Core.Tests.Statements;

public sealed class RequesterReasonTests
{
    [TestCase("/* reason: ticket 4711 */ DELETE FROM t", "ticket 4711")]
    [TestCase(" \n/*Reason :two\nlines\t*/ SELECT 1", "two lines")]
    [TestCase("/* reason: \u001b[2J\u202egrün */ SELECT 1", "[2J grün")]
    [TestCase("DELETE FROM t /* reason: late */", "")]
    [TestCase("/* because */ DELETE FROM t", "")]
    [TestCase("/* reason: never closed", "")]
    [TestCase("SELECT '/* reason: a literal */'", "")]
    [TestCase("", "")]
    public void A_leading_comment_may_give_it(string sql, string reason) => Assert.That(RequesterReason.Leading(Encoding.UTF8.GetBytes(sql)), Is.EqualTo(reason));

    [Test]
    public void It_is_cut_where_it_is_too_long() =>
        Assert.That(RequesterReason.Leading(Encoding.UTF8.GetBytes($"/* reason: {new string('x', 1000)} */")), Has.Length.EqualTo(RequesterReason.MaximumLength));

    [TestCase("SET wireguardian.reason = 'ticket 4711'", "ticket 4711")]
    [TestCase("set session wireguardian.reason to 'it''s late';", "it's late")]
    [TestCase("SET @wireguardian_reason := 'x'", "x")]
    [TestCase("SET @wireguardian_reason = 'a', @other = 'secret'", null)]
    [TestCase("SET wireguardian.reason = 'a' || secret()", null)]
    [TestCase("SET wireguardian.password = 'secret'", null)]
    [TestCase("SELECT 'SET wireguardian.reason = ''x'''", null)]
    public void A_setting_may_give_it_and_nothing_else_is_taken_for_one(string sql, string? reason) =>
        Assert.That(RequesterReason.Setting(Encoding.UTF8.GetBytes(sql)), Is.EqualTo(reason));
}
