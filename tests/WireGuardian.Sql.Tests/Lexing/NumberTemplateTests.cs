using System.Text;
using WireGuardian.Sql.Lexing;

namespace WireGuardian.Sql.Tests.Lexing;

public sealed class NumberTemplateTests
{
    [TestCase("SELECT 17, 1.5 FROM t1 WHERE a=-3", "SELECT 00, 0.0 FROM t1 WHERE a=-0")]
    [TestCase("SELECT x1_2 FROM a.b2c LIMIT 10;", "SELECT x1_2 FROM a.b2c LIMIT 00;")]
    [TestCase("SELECT @1, @a1, 8/2", "SELECT @1, @a1, 0/0")]
    [TestCase("", "")]
    public void Digits_of_numbers_become_zeros(string sql, string expected) => Assert.That(Template(sql), Is.EqualTo(expected));

    [TestCase("SELECT '1'")]
    [TestCase("SELECT \"t1\"")]
    [TestCase("SELECT `1`")]
    [TestCase("SELECT $1")]
    [TestCase("SELECT 1 -- 2")]
    [TestCase("SELECT 1 /* 2 */")]
    [TestCase("SELECT 1 # 2")]
    [TestCase("SELECT 1e5")]
    [TestCase("SELECT 0x1F")]
    [TestCase("SELECT 1_000")]
    [TestCase("SELECT 1a")]
    [TestCase("SELECT .5")]
    [TestCase("SELECT 1..2")]
    [TestCase("SELECT 1.5.2")]
    [TestCase("SELECT t.1")]
    [TestCase("SELECT 1.")]
    [TestCase("SELECT 1\\")]
    [TestCase("SELECT é")]
    [TestCase("SELECT 1\0")]
    [TestCase("SELECT f(2147483648)")]
    [TestCase("SELECT id, ssn FROM people ORDER BY 2")]
    [TestCase("SELECT ssn, count(*) FROM people GROUP\nBy 1")]
    [TestCase("SELECT DISTINCT ON (1) ssn FROM people")]
    public void What_is_not_plain_has_no_template(string sql) => Assert.That(Template(sql), Is.Null);

    /// <summary>The lexer finds the same tokens in both.</summary>
    [TestCase("SELECT 17, 1.5*2 FROM t1 WHERE a=-3 AND b BETWEEN 1 AND 20")]
    [TestCase("INSERT INTO t1 VALUES (1,2.25,333),(4,5.0,6)")]
    public void A_template_reads_like_its_text(string sql)
    {
        var one = new PostgresLexer(Encoding.UTF8.GetBytes(sql), true);
        var other = new PostgresLexer(Encoding.UTF8.GetBytes(Template(sql)!), true);
        Token token;
        do
        {
            token = one.Next();
            Assert.That(other.Next(), Is.EqualTo(token));
        }
        while (token.Kind != TokenKind.End);
    }

    private static string? Template(string sql)
    {
        var bytes = Encoding.UTF8.GetBytes(sql);
        var template = new byte[bytes.Length];
        return NumberTemplate.TryWrite(bytes, template) ? Encoding.UTF8.GetString(template) : null;
    }
}
