using System.Text;
using WireGuardian.Sql.Lexing;

namespace WireGuardian.Sql.Tests.Lexing;

public sealed class PostgresLexerTests
{
    private static string Read(string text, bool standardConformingStrings = true)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var lexer = new PostgresLexer(bytes, standardConformingStrings);
        var result = new List<string>();
        while (true)
        {
            var token = lexer.Next();
            if (token.Kind == TokenKind.End)
                return string.Join(' ', result);
            result.Add($"{Short(token.Kind)}<{Encoding.UTF8.GetString(bytes[token.Start..token.End])}>");
        }
    }

    private static string Short(TokenKind kind) => kind switch
    {
        TokenKind.Identifier => "i",
        TokenKind.Keyword => "k",
        TokenKind.QuotedIdentifier => "q",
        TokenKind.UnicodeIdentifier => "uq",
        TokenKind.String => "s",
        TokenKind.EscapeString => "e",
        TokenKind.UnicodeString => "us",
        TokenKind.BitString => "b",
        TokenKind.DollarString => "d",
        TokenKind.Parameter => "p",
        TokenKind.Number => "n",
        TokenKind.Operator => "o",
        TokenKind.Error => "ERROR",
        _ => "",
    };

    [TestCase("select a", "k<select> i<a>")]
    [TestCase("SeLeCt", "k<SeLeCt>")]
    [TestCase("_a$1 ñandú", "i<_a$1> i<ñandú>")]
    [TestCase("a\u00a0b", "i<a\u00a0b>")]
    [TestCase("\"a\"\"b\" \"\"\"\"", "q<\"a\"\"b\"> q<\"\"\"\">")]
    [TestCase("U&\"a\" u&\"b\" u & \"c\"", "uq<U&\"a\"> uq<u&\"b\"> i<u> o<&> q<\"c\">")]
    public void Names(string text, string tokens) => Assert.That(Read(text), Is.EqualTo(tokens));

    [TestCase("'a''b' ''", "s<'a''b'> s<''>")]
    [TestCase(@"'a\' b", @"s<'a\'> i<b>")]
    [TestCase(@"E'a\'b' e'\\' c", @"e<E'a\'b'> e<e'\\'> i<c>")]
    [TestCase("B'01' x'F' N'a'", "b<B'01'> b<x'F'> s<N'a'>")]
    [TestCase("b'1''0'", "b<b'1'> s<'0'>")]
    [TestCase("U&'a'", "us<U&'a'>")]
    [TestCase("'a'\n'b' c", "s<'a'\n'b'> i<c>")]
    [TestCase("'a' -- x\n -- y\n 'b' c", "s<'a' -- x\n -- y\n 'b'> i<c>")]
    [TestCase("'a' 'b'", "s<'a'> s<'b'>")]
    [TestCase("'a' /* x \n */ 'b'", "s<'a'> s<'b'>")]
    [TestCase("E'a'\n'\\'' c", "e<E'a'\n'\\''> i<c>")]
    public void Strings(string text, string tokens) => Assert.That(Read(text), Is.EqualTo(tokens));

    [TestCase(@"'a\' b'", @"e<'a\' b'>")]
    [TestCase(@"N'a\' b'", @"e<N'a\' b'>")]
    [TestCase("U&'a'", "ERROR<U&'a'>")]
    [TestCase("U&\"a\"", "uq<U&\"a\">")]
    [TestCase(@"x'\'", @"b<x'\'>")]
    public void Strings_with_standard_conforming_strings_off(string text, string tokens) => Assert.That(Read(text, false), Is.EqualTo(tokens));

    [TestCase("$$a'b$$", "d<$$a'b$$>")]
    [TestCase("$a$ $b$ $$ $a$ x", "d<$a$ $b$ $$ $a$> i<x>")]
    [TestCase("$a$ $A$ $a$", "d<$a$ $A$ $a$>")]
    [TestCase("a$b$ c$b$", "i<a$b$> i<c$b$>")]
    [TestCase("$1 $12", "p<$1> p<$12>")]
    [TestCase("$1$$x$$", "p<$1> d<$$x$$>")]
    [TestCase("$ñ$x$ñ$", "d<$ñ$x$ñ$>")]
    [TestCase("$a", "ERROR<$a>")]
    [TestCase("a $", "i<a> ERROR<$>")]
    public void Dollars(string text, string tokens) => Assert.That(Read(text), Is.EqualTo(tokens));

    [TestCase("1 1.5 .5 1. 1e5 1.5E-3", "n<1> n<1.5> n<.5> n<1.> n<1e5> n<1.5E-3>")]
    [TestCase("1..10", "n<1> <..> n<10>")]
    [TestCase("0x1F 0o17 0b11 1_000 0x_F", "n<0x1F> n<0o17> n<0b11> n<1_000> n<0x_F>")]
    [TestCase("1e 1e+", "n<1> i<e> n<1> i<e> o<+>")]
    [TestCase("1a 1_ 0xg", "n<1> i<a> n<1> i<_> n<0> i<xg>")]
    [TestCase(@"1e'\'' b", @"n<1> e<e'\''> i<b>")]
    public void Numbers(string text, string tokens) => Assert.That(Read(text), Is.EqualTo(tokens));

    [TestCase("a+b", "i<a> o<+> i<b>")]
    [TestCase("a+-1", "i<a> o<+> o<-> n<1>")]
    [TestCase("a*-1", "i<a> o<*> o<-> n<1>")]
    [TestCase("a@-1", "i<a> o<@-> n<1>")]
    [TestCase("a<=-1", "i<a> o<<=> o<-> n<1>")]
    [TestCase("a+*+b", "i<a> o<+*> o<+> i<b>")]
    [TestCase("a*/*c*/b", "i<a> o<*> i<b>")]
    [TestCase("a<--c\nb", "i<a> o<<> i<b>")]
    [TestCase("a->>'b'", "i<a> o<->>> s<'b'>")]
    [TestCase("a::b :c d:=e f=>g", "i<a> <::> i<b> <:> i<c> i<d> <:=> i<e> i<f> <=>> i<g>")]
    [TestCase("a=>>b", "i<a> o<=>>> i<b>")]
    public void Operators(string text, string tokens) => Assert.That(Read(text), Is.EqualTo(tokens));

    [TestCase("a--b\nc", "i<a> i<c>")]
    [TestCase("a--b\rc", "i<a> i<c>")]
    [TestCase("a/* b /* c */ d */e", "i<a> i<e>")]
    [TestCase("a/*/ b */c", "i<a> i<c>")]
    [TestCase("a/***/c", "i<a> i<c>")]
    [TestCase("--", "")]
    public void Comments(string text, string tokens) => Assert.That(Read(text), Is.EqualTo(tokens));

    [TestCase("a 'b")]
    [TestCase("a \"b")]
    [TestCase("a \"\"")]
    [TestCase("a $$b")]
    [TestCase("a /* b")]
    [TestCase("a /* /* */")]
    [TestCase(@"a E'b\'")]
    [TestCase(@"a \d")]
    [TestCase("a {")]
    [TestCase("a \u0001")]
    public void What_the_server_cannot_read_is_an_error(string text) => Assert.That(Read(text), Does.Match("^i<a> ERROR<"));

    [Test]
    public void A_nul_byte_ends_the_text() => Assert.That(Read("a\0 'b"), Is.EqualTo("i<a>"));

    [Test]
    public void An_operator_longer_than_a_name_can_be_is_an_error() => Assert.That(Read(new string('@', 64)), Does.StartWith("ERROR"));

    [Test]
    public void Key_words_are_spelled_as_their_names()
    {
        for (var i = 1; i <= PostgresKeywords.Count; i++)
        {
            var keyword = (PostgresKeyword)i;
            Assert.That(keyword.Text().Replace("_", "", StringComparison.Ordinal), Is.EqualTo(keyword.ToString().ToLowerInvariant()));
            Assert.That(PostgresKeywords.Find(Encoding.ASCII.GetBytes(keyword.Text().ToUpperInvariant())), Is.EqualTo(keyword));
        }
    }

    [TestCase("ABC", "abc")]
    [TestCase("ÀB", "Àb")]
    [TestCase("\"A\"\"b\"", "A\"b")]
    [TestCase("U&\"d\\0061t\\+000061\"", "data")]
    [TestCase("U&\"d!0061t!+000061\" UESCAPE '!'", "data")]
    [TestCase("U&\"\\D83D\\DE00\"", "😀")]
    [TestCase("U&\"a\\\\b\"", "a\\b")]
    [TestCase("U&\"\\00g1\"", null)]
    [TestCase("U&\"\\D83D\"", null)]
    [TestCase("U&\"\\0000\"", null)]
    [TestCase("U&\"a\" UESCAPE 'a'", null)]
    public void Names_are_read_as_the_server_folds_them(string text, string? name)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        using var buffer = TokenBuffer.Read(bytes, true);
        Assert.That(IdentifierText.Read(bytes, buffer.Tokens), Is.EqualTo(name));
    }

    [Test]
    public void Long_names_are_cut_at_a_character()
    {
        foreach (var quote in new[] { "", "\"" })
        {
            var bytes = Encoding.UTF8.GetBytes(quote + new string('a', 62) + "éé" + quote);
            using var buffer = TokenBuffer.Read(bytes, true);
            Assert.That(IdentifierText.Read(bytes, buffer.Tokens), Is.EqualTo(new string('a', 62)));
        }
    }

    [TestCase("'a''b'", "a'b")]
    [TestCase("'a'\n 'b'", "ab")]
    [TestCase("$x$a'b$x$", "a'b")]
    [TestCase(@"E'\x41\102\u0043\n\'\\\q'''", "ABC\n'\\q'")]
    [TestCase(@"E'\uD83D\uDE00'", "😀")]
    [TestCase(@"E'\u00g0'", null)]
    [TestCase(@"U&'\0041!' UESCAPE '!'", null)]
    [TestCase(@"U&'\0041'", "A")]
    public void Literals_are_read_as_the_server_reads_them(string text, string? value)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        using var buffer = TokenBuffer.Read(bytes, true);
        var literal = LiteralText.Read(bytes, buffer.Tokens);
        Assert.That(literal is null ? null : Encoding.UTF8.GetString(literal), Is.EqualTo(value));
    }
}
