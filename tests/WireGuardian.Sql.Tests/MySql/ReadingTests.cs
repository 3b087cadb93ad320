using System.Text;
using WireGuardian.Core.Statements;
using WireGuardian.Sql.MySql;

namespace WireGuardian.Sql.Tests.MySql;

/// <summary>Text that reads differently under other modes, servers and character sets: the trap is always that something runs which nobody saw.</summary>
public sealed class ReadingTests
{
    private static string Kinds(string sql, MySqlSqlSettings settings) => Sql.AllKinds(sql, settings);

    [Test]
    public void ANSI_QUOTES_turns_a_double_quoted_string_into_a_column()
    {
        var plain = Sql.One("SELECT \"ssn\" FROM t", Sql.MySql);
        var ansi = Sql.One("SELECT \"ssn\" FROM t", Sql.MySql.With(MySqlSqlModes.AnsiQuotes));
        Assert.That(plain.Facts.Identifiers, Does.Not.Contain(new Identifier(null, "ssn")));
        Assert.That(ansi.Facts.Identifiers, Does.Contain(new Identifier(null, "ssn")));
        Assert.That(plain.Shape!.Blocks[0].Items[0].Kind, Is.EqualTo(ResultItemKind.Constant));
        Assert.That((ansi.Shape!.Blocks[0].Items[0].Kind, ansi.Shape!.Blocks[0].Items[0].Column), Is.EqualTo((ResultItemKind.Column, "ssn")));
    }

    [TestCase(MySqlSqlModes.None, "select")]
    [TestCase(MySqlSqlModes.NoBackslashEscapes, "select|ddl")]
    public void NO_BACKSLASH_ESCAPES_ends_a_string_at_a_backslash(MySqlSqlModes modes, string kinds) =>
        Assert.That(Kinds(@"SELECT 'a\'; DROP TABLE t; -- '", Sql.MySql.With(modes)), Is.EqualTo(kinds));

    [TestCase(MySqlSqlModes.None, "select")]
    [TestCase(MySqlSqlModes.AnsiQuotes, "select|ddl")]
    public void A_backslash_escapes_nothing_in_a_name(MySqlSqlModes modes, string kinds) =>
        Assert.That(Kinds("SELECT \"a\\\"; DROP TABLE t; -- \"", Sql.MySql.With(modes)), Is.EqualTo(kinds));

    [Test]
    public void PIPES_AS_CONCAT_HIGH_NOT_PRECEDENCE_and_IGNORE_SPACE_change_no_name(
        [Values(MySqlSqlModes.PipesAsConcat, MySqlSqlModes.HighNotPrecedence, MySqlSqlModes.IgnoreSpace)] MySqlSqlModes modes)
    {
        const string sql = "SELECT NOT a || count (*), sleep (1) FROM t";
        Assert.That(Sql.One(sql, Sql.MySql.With(modes)).Facts.Identifiers, Is.EquivalentTo(Sql.One(sql, Sql.MySql).Facts.Identifiers));
        Assert.That(Sql.One(sql, Sql.MySql.With(modes)).Calls, Is.EquivalentTo(Sql.One(sql, Sql.MySql).Calls));
        Assert.That(Sql.One(sql, Sql.MySql).Calls, Does.Contain(new Identifier(null, "sleep")));
    }

    [Test]
    public void In_MariaDBs_Oracle_mode_BEGIN_opens_a_block()
    {
        var oracle = Sql.MariaDb.With(MySqlSqlModes.Oracle);
        Assert.That(Kinds("BEGIN DELETE FROM t; END;", Sql.MariaDb), Is.EqualTo("transaction unclassified|unclassified"));
        Assert.That(Kinds("BEGIN DELETE FROM t; END;", oracle), Is.EqualTo("delete code"));
        Assert.That(Kinds("CREATE PROCEDURE p AS x int; BEGIN DELETE FROM t; END; DROP TABLE t", oracle), Is.EqualTo("ddl code"));
        Assert.That(Kinds("DECLARE x int; BEGIN DROP TABLE t; END", oracle), Is.EqualTo("ddl code"));
    }

    [TestCase("SELECT 1 /*! ; DROP TABLE t */", "select|ddl")]
    [TestCase("SELECT 1 /*! ; */ DROP TABLE t", "select|unclassified")]
    [TestCase("/*! DROP TABLE t */", "ddl")]
    [TestCase("/*!50000 DROP TABLE t */", "ddl")]
    [TestCase("/*!50000DROP TABLE t */", "ddl")]
    [TestCase("/*!032302 DROP TABLE t */", "ddl")]
    [TestCase("SELECT 1 /*!99999 ; DROP TABLE t */", "select")]
    [TestCase("SELECT 1 /*!5000 DROP */ x", "select")]
    [TestCase("/*!50000*/ DROP TABLE t", "ddl")]
    [TestCase("/* DROP TABLE t */ SELECT 1", "select")]
    [TestCase("DROP /*! TABLE */ t", "ddl")]
    [TestCase("DR/*!OP*/ TABLE t", "unclassified")]
    [TestCase("SELECT 1 */ DROP TABLE t", "select")]
    [TestCase("/*! SELECT 1", "unclassified")]
    [TestCase("SELECT 1 /*", "unclassified")]
    [TestCase("SELECT 1; SELECT 2 /* x", "select|unclassified")]
    public void Executable_comments_are_code(string sql, string kinds)
    {
        Assert.That(Kinds(sql, Sql.MySql), Is.EqualTo(kinds));
        Assert.That(Kinds(sql, Sql.MariaDb), Is.EqualTo(kinds));
    }

    // version digits | MySQL 9.7.1 | MariaDB 10.11.19 | MariaDB's own form there
    [TestCase("50699", true, true, true)]
    [TestCase("50700", true, false, true)]
    [TestCase("80000", true, false, true)]
    [TestCase("90701", true, false, true)]
    [TestCase("90702", false, false, true)]
    [TestCase("99999", false, false, true)]
    [TestCase("100000 ", false, true, true)]
    [TestCase("101119 ", false, true, true)]
    [TestCase("101120 ", false, false, false)]
    [TestCase("050000 ", true, true, true)]
    public void The_version_of_an_executable_comment_decides(string version, bool mySql, bool mariaDb, bool mariaDbOwn)
    {
        string Of(bool runs) => runs ? "ddl" : "select";
        Assert.That(Kinds($"/*!{version} DROP TABLE t; */ SELECT 1", Sql.MySql), Does.StartWith(Of(mySql)));
        Assert.That(Kinds($"/*!{version} DROP TABLE t; */ SELECT 1", Sql.MariaDb), Does.StartWith(Of(mariaDb)));
        Assert.That(Kinds($"/*M!{version} DROP TABLE t; */ SELECT 1", Sql.MariaDb), Does.StartWith(Of(mariaDbOwn)));
        Assert.That(Kinds($"/*M!{version} DROP TABLE t; */ SELECT 1", Sql.MySql), Is.EqualTo("select"));
    }

    [Test]
    public void A_sixth_digit_counts_only_where_the_server_takes_it()
    {
        // MySQL takes six digits before a blank only: this is version 10111 and then 9.
        Assert.That(Sql.One("SELECT /*!1011199*/ + 1", Sql.MySql).Facts.Identifiers, Is.Empty);
        Assert.That(LiteralMasker.Mask("SELECT /*!101119a*/"u8, Sql.MySql), Is.EqualTo("SELECT 9a"));
        Assert.That(LiteralMasker.Mask("SELECT /*!101119a*/"u8, Sql.MariaDb), Is.EqualTo("SELECT a"));
    }

    [Test]
    public void A_comment_that_Galera_alone_runs_is_not_read() =>
        Assert.That(Sql.One("/*!99997 SELECT 1 */", Sql.MariaDb).Facts.IsOpaque, Is.True);

    [TestCase("/*! SELECT /* x */ 1 */; DROP TABLE t", "select|ddl")]
    [TestCase("/*!99999 /* x */ DROP TABLE t */ SELECT 1", "select")]
    [TestCase("/* /* x */ DROP TABLE t", "ddl")]
    [TestCase("/* /*! x */ DROP TABLE t", "ddl")]
    [TestCase("/*! /*! SELECT 1 */", "select")]
    [TestCase("/*!99999 /* x */ SELECT 1", "unclassified")]
    [TestCase("/*/ DROP TABLE t; /*/ SELECT 1", "select")]
    public void Nested_comments_end_where_the_server_ends_them(string sql, string kinds)
    {
        Assert.That(Kinds(sql, Sql.MySql), Is.EqualTo(kinds));
        Assert.That(Kinds(sql, Sql.MariaDb), Is.EqualTo(kinds));
    }

    [TestCase("SELECT 5--1", "select")]
    [TestCase("SELECT 5--1; DROP TABLE t", "select|ddl")]
    [TestCase("SELECT 5-- 1; DROP TABLE t", "select")]
    [TestCase("SELECT 5--\t1; DROP TABLE t", "select")]
    [TestCase("SELECT 5--\u0001; DROP TABLE t", "select")]
    [TestCase("SELECT 5--\n; DROP TABLE t", "select|ddl")]
    [TestCase("SELECT 5--", "select")]
    [TestCase("SELECT 5 -- x\r; DROP TABLE t", "select")]
    public void Two_dashes_need_a_blank(string sql, string kinds)
    {
        Assert.That(Kinds(sql, Sql.MySql), Is.EqualTo(kinds));
        Assert.That(Kinds(sql, Sql.MariaDb), Is.EqualTo(kinds));
    }

    [TestCase("SELECT 1 # ; DROP TABLE t", "select")]
    [TestCase("SELECT 1 #\n; DROP TABLE t", "select|ddl")]
    [TestCase("SELECT a#b\n; DROP TABLE t", "select|ddl")]
    [TestCase("# x", "")]
    public void A_hash_begins_a_comment(string sql, string kinds) => Assert.That(Kinds(sql, Sql.MySql), Is.EqualTo(kinds));

    [TestCase("SELECT /*+ MAX_EXECUTION_TIME(5) */ 1", "select")]
    [TestCase("SELECT /*+ SET_VAR(sql_mode = 'ANSI_QUOTES') */ 1", "select")]
    [TestCase("SELECT /*+ QB_NAME(`a */ 1; DROP TABLE t -- ` */", "unclassified")]
    public void A_hint_whose_end_a_quote_may_hide_is_not_read(string sql, string kinds) => Assert.That(Kinds(sql, Sql.MySql), Is.EqualTo(kinds));

    [Test]
    public void Character_sets_whose_second_byte_can_be_a_backslash_are_not_read([Values("gbk", "sjis", "big5", "cp932", "gb18030")] string name)
    {
        var encoding = MySqlCharacterSets.FromName(name);
        Assert.That(encoding, Is.EqualTo(MySqlTextEncoding.Unsafe));
        // 0xBF 0x5C is one character there; read byte by byte, the backslash would escape the quote.
        byte[] text = [.. "SELECT '"u8, 0xBF, .. "\\'; DROP TABLE t; -- '"u8];
        var all = MySqlAnalyzer.Analyze(text, Sql.MySql with { Encoding = encoding });
        Assert.That(all, Has.Count.EqualTo(1));
        Assert.That(all[0].Facts.IsOpaque, Is.True);
        Assert.That(LiteralMasker.Mask(text, Sql.MySql with { Encoding = encoding }), Is.EqualTo(LiteralMasker.Unreadable));
        Assert.That(Sql.One("SELECT a FROM t", Sql.MySql with { Encoding = encoding }).Facts.IsOpaque, Is.False);
    }

    [TestCase(28, MySqlTextEncoding.Unsafe)]
    [TestCase(87, MySqlTextEncoding.Unsafe)]
    [TestCase(13, MySqlTextEncoding.Unsafe)]
    [TestCase(88, MySqlTextEncoding.Unsafe)]
    [TestCase(1, MySqlTextEncoding.Unsafe)]
    [TestCase(84, MySqlTextEncoding.Unsafe)]
    [TestCase(95, MySqlTextEncoding.Unsafe)]
    [TestCase(248, MySqlTextEncoding.Unsafe)]
    [TestCase(35, MySqlTextEncoding.Unsafe)]
    [TestCase(10, MySqlTextEncoding.Unsafe)]
    [TestCase(9999, MySqlTextEncoding.Unsafe)]
    [TestCase(8, MySqlTextEncoding.AsciiSafe)]
    [TestCase(47, MySqlTextEncoding.AsciiSafe)]
    [TestCase(63, MySqlTextEncoding.AsciiSafe)]
    [TestCase(33, MySqlTextEncoding.Utf8)]
    [TestCase(45, MySqlTextEncoding.Utf8)]
    [TestCase(46, MySqlTextEncoding.Utf8)]
    [TestCase(224, MySqlTextEncoding.Utf8)]
    [TestCase(255, MySqlTextEncoding.Utf8)]
    [TestCase(2304, MySqlTextEncoding.Utf8)]
    public void Collations_go_by_their_numbers(int id, MySqlTextEncoding encoding) => Assert.That(MySqlCharacterSets.FromCollation(id), Is.EqualTo(encoding));

    [Test]
    public void Bytes_of_a_literal_need_no_character_set()
    {
        byte[] text = [.. "INSERT INTO t VALUES (_binary '"u8, 0xFF, 0xE9, 0x80, .. "')"u8];
        foreach (var encoding in (ReadOnlySpan<MySqlTextEncoding>)[MySqlTextEncoding.Utf8, MySqlTextEncoding.AsciiSafe])
            Assert.That(MySqlAnalyzer.Analyze(text, Sql.MySql with { Encoding = encoding })[0].Facts.Kinds, Is.EqualTo(StatementKinds.Insert));
    }

    [Test]
    public void Bytes_of_a_name_need_their_character_set()
    {
        byte[] text = [.. "SELECT "u8, 0xE9, .. " FROM t"u8];
        foreach (var encoding in Enum.GetValues<MySqlTextEncoding>())
            Assert.That(MySqlAnalyzer.Analyze(text, Sql.MySql with { Encoding = encoding })[0].Facts.IsOpaque, Is.True);
        Assert.That(Sql.One("SELECT é FROM t", Sql.MySql).Facts.IsOpaque, Is.False);
    }

    // In latin1 0xA0 is a blank: -- and 0xA0 would begin a comment.
    [Test]
    public void A_blank_of_another_character_set_is_not_guessed()
    {
        byte[] text = [.. "SELECT 5--"u8, 0xA0, .. "x; DROP TABLE t"u8];
        Assert.That(MySqlAnalyzer.Analyze(text, Sql.MySql with { Encoding = MySqlTextEncoding.AsciiSafe })[0].Facts.IsOpaque, Is.True);
    }

    [TestCase("SELECT _latin1'ssn', _utf8mb4'ssn', N'ssn', n'ssn', x'41', X'41', 0x41, b'01', B'1', 0b1 FROM t")]
    [TestCase("SELECT _latin1 'ssn', 'ssn' 'ssn', \"ssn\", 'it''s ssn', \"a\"\"ssn\", 'a\\'ssn' FROM t")]
    public void Introducers_and_prefixes_belong_to_literals(string sql)
    {
        var names = Sql.One(sql, Sql.MySql).Facts.Identifiers;
        Assert.That(names, Does.Not.Contain(new Identifier(null, "ssn")));
        Assert.That(LiteralMasker.Mask(Encoding.UTF8.GetBytes(sql), Sql.MySql), Does.Not.Contain("ssn").And.Not.Contain("41"));
    }

    [TestCase("SELECT 0X41 FROM t", "0x41 t")]
    [TestCase("SELECT 1abc, 2e, 3e5x, 0xfg FROM t", "0xfg 1abc 2e t x")]
    [TestCase("SELECT a.1b, a.2 FROM a", "a a.1b a.2")]
    [TestCase("SELECT $a, a$b FROM t", "$a a$b t")]
    public void Names_may_begin_with_digits(string sql, string names)
    {
        Assert.That(Sql.Names(Sql.One(sql, Sql.MySql).Facts.Identifiers), Is.EqualTo(names));
        Assert.That(Sql.Names(Sql.One(sql, Sql.MariaDb).Facts.Identifiers), Is.EqualTo(names));
    }

    [Test]
    public void Dollar_quotes_are_literals_of_MySQL_only()
    {
        Assert.That(Kinds("SELECT $$; DROP TABLE t; $$", Sql.MySql), Is.EqualTo("select"));
        Assert.That(Kinds("SELECT $$; DROP TABLE t; $$", Sql.MariaDb), Is.EqualTo("select|ddl|unclassified"));
        Assert.That(Kinds("SELECT $a$'$a$; DROP TABLE t", Sql.MySql), Is.EqualTo("select|ddl"));
        Assert.That(Kinds("SELECT $$x", Sql.MySql), Is.EqualTo("unclassified"));
    }

    [TestCase("SELECT 1; \0 DROP TABLE t", "select|unclassified")]
    [TestCase("SELECT 1 -- \0\n; DROP TABLE t", "unclassified")]
    [TestCase("SELECT '\0'; DROP TABLE t", "select|ddl")]
    [TestCase("SELECT `a\0`", "unclassified")]
    public void A_NUL_is_read_in_strings_only(string sql, string kinds)
    {
        Assert.That(Kinds(sql, Sql.MySql), Is.EqualTo(kinds));
        Assert.That(Kinds(sql, Sql.MariaDb), Is.EqualTo(kinds));
    }

    [TestCase("SELECT `a``b` FROM `db` . `t`", "a`b db db.t")]
    [TestCase("SELECT * FROM db . t", "db db.t")]
    [TestCase("SELECT * FROM db./* x */t", "db db.t")]
    [TestCase("SELECT t.select, t.`from` FROM t", "t t.from t.select")]
    [TestCase("SELECT value, user, date, status, t.key FROM t", "date status t t.key user value")]
    public void Names_may_be_quoted_spaced_out_and_key_words(string sql, string names) =>
        Assert.That(Sql.Names(Sql.One(sql, Sql.MySql).Facts.Identifiers), Is.EqualTo(names));

    [TestCase("lower_case_table_names", "PEOPLE", "people")]
    [TestCase("case", "Ssn", "sSN")]
    [TestCase("Kelvin sign", "\u212Aey", "key")]
    [TestCase("dotted capital I", "\u0130d", "id")]
    [TestCase("dotless i", "\u0131d", "ID")]
    [TestCase("long s", "\u017Fsn", "ssn")]
    [TestCase("sharp s", "\u00DFn", "sn")]
    [TestCase("accent", "\u00E9mail", "email")]
    [TestCase("combining accent", "e\u0301mail", "email")]
    [TestCase("full width", "\uFF53sn", "ssn")]
    [TestCase("blanks at the end", "ssn  ", "ssn")]
    [TestCase("control character", "s\u0001sn", "ssn")]
    [TestCase("zero width", "s\u200Bsn", "ssn")]
    [TestCase("beyond the basic plane", "a\U0001F600", "a\U0001F601")]
    [TestCase("final sigma", "\u03A3\u03C2", "\u03C3\u03C3")]
    [TestCase("Angstrom", "\u212B", "a")]
    public void Names_compare_as_wide_as_any_server_compares_them(string why, string one, string other)
    {
        Assert.That(MySqlNames.Comparer.Equals(one, other), Is.True, why);
        Assert.That(MySqlNames.Comparer.GetHashCode(one), Is.EqualTo(MySqlNames.Comparer.GetHashCode(other)), why);
        Assert.That(MySqlNames.Fold(MySqlNames.Fold(one)), Is.EqualTo(MySqlNames.Fold(one)), why);
    }

    [Test]
    public void Folded_names_are_those_of_the_facts() =>
        Assert.That(Sql.One("SELECT `\u212Aey` FROM `PEOPLE `").Facts.Identifiers, Is.EquivalentTo(new[] { new Identifier(null, "key"), new Identifier(null, "people") }));

    [TestCase("SELECT @a.b$c, @`x y`, @'z\\'w', @\"q\"", "a.b$c q x y z'w")]
    [TestCase("SELECT @A", "a")]
    [TestCase("SELECT @@a, @@global.b, @@`c`", "")]
    public void User_variables_have_names_of_their_own(string sql, string names)
    {
        var statement = Sql.One(sql, Sql.MySql);
        Assert.That(string.Join(' ', statement.UserVariables.Order(StringComparer.Ordinal)), Is.EqualTo(names));
        Assert.That(statement.Facts.Identifiers, Is.Empty);
    }

    [TestCase("SELECT 'a")]
    [TestCase("SELECT `a")]
    [TestCase("SELECT \"a")]
    [TestCase("SELECT x'4'")]
    [TestCase("SELECT x'4g'")]
    [TestCase("SELECT b'2'")]
    [TestCase("SELECT [a]")]
    [TestCase("SELECT \\x")]
    [TestCase("SELECT @@")]
    [TestCase("SELECT 1.5e")]
    public void Text_that_the_server_cannot_read_is_opaque(string sql)
    {
        Assert.That(Sql.One(sql, Sql.MySql).Facts.IsOpaque, Is.True);
        Assert.That(Sql.One(sql, Sql.MariaDb).Facts.IsOpaque, Is.True);
    }

    [Test]
    public void A_statement_before_unreadable_text_runs_all_the_same() =>
        Assert.That(Kinds("DROP TABLE t; SELECT 'x", Sql.MySql), Is.EqualTo("ddl|unclassified"));

    [TestCase("SELECT a FROM t", true)]
    [TestCase("SELECT a FROM t;", true)]
    [TestCase("SELECT 'a' FROM t", true)]
    [TestCase("SELECT \"a\" FROM t", false)]
    [TestCase("SELECT 'a\\b' FROM t", false)]
    [TestCase("SELECT 1; SELECT 2", false)]
    [TestCase("SELECT é", false)]
    public void Under_uncertain_settings_only_text_is_read_that_always_reads_the_same(string sql, bool isRead)
    {
        Assert.That(MySqlAnalyzer.ReadsAlways(Encoding.UTF8.GetBytes(sql)), Is.EqualTo(isRead));
        Assert.That(Sql.All(sql, Sql.MySql with { IsUncertain = true })[0].Facts.IsOpaque, Is.EqualTo(!isRead));
        if (!isRead)
            return;
        var plain = Sql.One(sql, Sql.MariaDb);
        for (var modes = MySqlSqlModes.None; modes <= (MySqlSqlModes)63; modes++)
            Assert.That(Sql.One(sql, Sql.MariaDb.With(modes)).Facts.Identifiers, Is.EquivalentTo(plain.Facts.Identifiers));
    }

    [TestCase("9.7.1", MySqlFlavour.MySql, 90701)]
    [TestCase("8.0.36-0ubuntu0.22.04.1", MySqlFlavour.MySql, 80036)]
    [TestCase("5.5.5-10.11.19-MariaDB-0+deb12u1", MySqlFlavour.MariaDb, 101119)]
    [TestCase("11.4.2-MariaDB-log", MySqlFlavour.MariaDb, 110402)]
    public void A_greeting_tells_the_server(string greeting, MySqlFlavour flavour, int number)
    {
        Assert.That(MySqlServerVersion.TryParse(greeting, out var version), Is.True);
        Assert.That(version, Is.EqualTo(new MySqlServerVersion(flavour, number)));
    }

    [TestCase("")]
    [TestCase("whatever")]
    [TestCase("1.2")]
    public void A_greeting_without_a_version_tells_nothing(string greeting) => Assert.That(MySqlServerVersion.TryParse(greeting, out _), Is.False);

    [TestCase("", MySqlFlavour.MySql, MySqlSqlModes.None)]
    [TestCase("STRICT_TRANS_TABLES,ansi_quotes", MySqlFlavour.MySql, MySqlSqlModes.AnsiQuotes)]
    [TestCase("ANSI", MySqlFlavour.MySql, MySqlSqlModes.AnsiQuotes | MySqlSqlModes.PipesAsConcat | MySqlSqlModes.IgnoreSpace)]
    [TestCase("NO_BACKSLASH_ESCAPES , PIPES_AS_CONCAT", MySqlFlavour.MariaDb, MySqlSqlModes.NoBackslashEscapes | MySqlSqlModes.PipesAsConcat)]
    [TestCase("ORACLE", MySqlFlavour.MariaDb, MySqlSqlModes.Oracle | MySqlSqlModes.AnsiQuotes | MySqlSqlModes.PipesAsConcat | MySqlSqlModes.IgnoreSpace)]
    public void Modes_go_by_their_names(string value, MySqlFlavour flavour, MySqlSqlModes modes)
    {
        Assert.That(MySqlSqlSettings.TryParseModes(value, flavour, out var parsed), Is.True);
        Assert.That(parsed, Is.EqualTo(modes));
    }

    [Test]
    public void A_mode_by_number_is_not_known() => Assert.That(MySqlSqlSettings.TryParseModes("4", MySqlFlavour.MySql, out _), Is.False);
}
