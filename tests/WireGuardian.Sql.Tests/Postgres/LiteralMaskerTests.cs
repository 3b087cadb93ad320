using System.Text;
using WireGuardian.Sql.Postgres;

namespace WireGuardian.Sql.Tests.Postgres;

public sealed class LiteralMaskerTests
{
    private static string Mask(string sql, int length = 4000) => LiteralMasker.Mask(Encoding.UTF8.GetBytes(sql), PostgresSqlSettings.Default, length);

    [TestCase("SELECT 'secret', E'secret', $$secret$$, N'secret', U&'secret', B'01', x'FF', 1.5e3", "SELECT ?, ?, ?, ?, ?, ?, ?, ?")]
    [TestCase("SELECT  a,\n\tb -- secret\n FROM /* secret */ \"T x\" WHERE $1 = -5;", "SELECT a, b FROM \"T x\" WHERE $1 = -?;")]
    [TestCase("SELECT 'a'\n'secret'", "SELECT ?")]
    [TestCase("SELECT 'secret", "(unreadable text)")]
    [TestCase("SELECT 1; \\secret", "(unreadable text)")]
    [TestCase("", "")]
    public void Values_and_comments_are_not_shown(string sql, string masked) => Assert.That(Mask(sql), Is.EqualTo(masked));

    [Test]
    public void Long_text_is_cut()
    {
        Assert.That(Mask("SELECT abcdef", 9), Is.EqualTo("SELECT a…"));
        Assert.That(Mask("SELECT ab", 9), Is.EqualTo("SELECT ab"));
    }

    [Test]
    public void A_character_is_not_cut_in_two() => Assert.That(Mask("SELECT \"😀😀\"", 10), Is.EqualTo("SELECT \"…"));

    [Test]
    public void Text_in_an_encoding_that_is_not_known_is_not_shown() =>
        Assert.That(
            LiteralMasker.Mask("SELECT 'é'"u8, new PostgresSqlSettings(true, PostgresTextEncoding.Unsafe)), Is.EqualTo("(unreadable text)"));
}
