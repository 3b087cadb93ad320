using System.Text;
using FsCheck;
using FsCheck.Fluent;
using WireGuardian.Core.Statements;
using WireGuardian.Sql.Lexing;
using WireGuardian.Sql.MySql;

namespace WireGuardian.Sql.Tests.MySql;

/// <summary>Any bytes give facts: no exception, no hang, and tokens and ranges that cover all there is.</summary>
public sealed class TotalityTests
{
    private static readonly string[] Pieces =
    [
        "SELECT ", "INSERT INTO ", "REPLACE ", "UPDATE ", "DELETE ", "FROM ", "JOIN ", "NATURAL ", "USING ", "ON ", "WITH ", "AS ", "(", ")", "{", "}", "[", ",", ".", "..", ";",
        "'", "\"", "`", "$$", "$a$", "x'", "b'", "N'", "_utf8", "\\", "\\N", "/*", "/*!", "/*!50000", "/*!99999", "/*M!", "/*M!100000 ", "/*+", "*/", "--", "-- ", "#", "\n", " ",
        "t ", "a", "1", "0x", "1e", "@", "@@", ":=", ":", "?", "+", "-", "*", "=", "||", "SET ", "NAMES ", "GLOBAL ", "VALUES ", "DUPLICATE KEY UPDATE ", "CASE ", "WHEN ", "THEN ",
        "ELSE ", "END ", "IF ", "LOOP ", "REPEAT ", "WHILE ", "DO ", "FOR ", "BEGIN ", "NOT ATOMIC ", "DECLARE ", "HANDLER FOR ", "CREATE ", "PROCEDURE ", "FUNCTION ", "TRIGGER ",
        "FOR EACH ROW ", "EVENT ", "RETURNS ", "RETURN ", "DEFINER=", "EXPLAIN ", "ANALYZE ", "FORMAT=", "PREPARE ", "EXECUTE ", "IMMEDIATE ", "CALL ", "INTO ", "OUTFILE ",
        "TABLE ", "TABLES ", "ALTER ", "DROP ", "LOAD DATA ", "LOCAL ", "SHOW ", "LOCK ", "HANDLER ", "READ ", "RETURNING ", "UNION ", "STATEMENT ", "\0", "é", "ÿ", "\u0080",
    ];

    private static IEnumerable<MySqlSqlSettings> AllSettings() =>
        from server in new[] { Sql.MySql, Sql.MariaDb }
        from modes in new[] { MySqlSqlModes.None, MySqlSqlModes.AnsiQuotes, MySqlSqlModes.NoBackslashEscapes, MySqlSqlModes.Oracle | MySqlSqlModes.AnsiQuotes }
        from encoding in modes == MySqlSqlModes.None ? Enum.GetValues<MySqlTextEncoding>() : [MySqlTextEncoding.Utf8]
        from isUncertain in modes == MySqlSqlModes.AnsiQuotes ? new[] { false, true } : [false]
        select server with { Modes = modes, Encoding = encoding, IsUncertain = isUncertain };

    private static void Holds(byte[] text)
    {
        foreach (var settings in AllSettings())
        {
            TokensCover(text, settings);
            var last = 0;
            foreach (var statement in MySqlAnalyzer.Analyze(text, settings))
            {
                var (offset, length) = statement.Facts.Text.GetOffsetAndLength(text.Length);
                Assert.That(offset, Is.GreaterThanOrEqualTo(last));
                Assert.That(statement.Facts.Kinds, Is.Not.EqualTo(StatementKinds.None));
                last = offset + length;
            }

            Assert.That(LiteralMasker.Mask(text, settings, 40), Has.Length.LessThanOrEqualTo(40));
            RoutineBody.Scan(text, settings);
        }
    }

    /// <summary>Tokens stand in order, one behind the other; what lies between them is blanks and comments.</summary>
    private static void TokensCover(byte[] text, MySqlSqlSettings settings)
    {
        var lexer = new MySqlLexer(text, settings);
        var last = 0;
        while (true)
        {
            var token = lexer.Next();
            Assert.That(token.Start, Is.GreaterThanOrEqualTo(last));
            if (token.Kind == MySqlTokenKind.End)
            {
                Assert.That(token.Start, Is.EqualTo(text.Length));
                return;
            }

            Assert.That(token.End > token.Start || token.Kind == MySqlTokenKind.Error);
            for (var i = last; i < token.Start; i++)
                Assert.That(token.Start - last < 2 && text[i] > 32 && text[i] != '#', Is.False, "A single byte that is no blank and no empty comment belongs to a token.");
            last = token.End;
        }
    }

    [Test]
    public void Any_bytes_give_facts() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll<byte[]>(text => Holds(text)));

    [Test]
    public void Any_row_of_tokens_gives_facts() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(600),
        Prop.ForAll(Gen.ArrayOf(Gen.Elements(Pieces)).ToArbitrary(), pieces => Holds(Encoding.Latin1.GetBytes(string.Concat(pieces)))));

    [Test]
    public void Text_cut_at_any_byte_gives_facts()
    {
        const string text = "WITH a AS (SELECT \"x\", 'é\\'' FROM `t`) SELECT /*!50000 @v := 1 */ FROM a NATURAL JOIN b -- c\n; INSERT INTO u (b) SELECT * FROM a "
            + "ON DUPLICATE KEY UPDATE c = values(b) RETURNING *; CREATE PROCEDURE p() BEGIN DECLARE EXIT HANDLER FOR 1062 BEGIN END; IF x THEN SELECT 1; END IF; END; "
            + "PREPARE s FROM 'DROP TABLE t'; SET NAMES x'41', @@global.a = 0x1f";
        var bytes = Encoding.UTF8.GetBytes(text);
        for (var length = 0; length <= bytes.Length; length++)
            Holds(bytes[..length]);
    }

    [Test]
    public void The_pieces_of_a_text_put_together_are_the_text([Values(MySqlFlavour.MySql, MySqlFlavour.MariaDb)] MySqlFlavour flavour)
    {
        var settings = flavour == MySqlFlavour.MySql ? Sql.MySql : Sql.MariaDb;
        var statements = KindsTests.Lines().Where(line => line.Settings == settings).Select(line => line.Sql).ToList();
        var text = string.Join("; -- x\n /* y */ # z\n ;", statements);
        Assert.That(Sql.All(text, settings).Select(one => text[one.Facts.Text]), Is.EqualTo(statements));
    }

    /// <summary>Whatever a mode makes of the quotes, a relation that a statement uses outside of them is named.</summary>
    [TestCase("SELECT a FROM people WHERE b = \"x\"")]
    [TestCase("SELECT a FROM people WHERE b = 'x\\\\'")]
    [TestCase("SELECT a FROM `people` -- \"\n")]
    [TestCase("INSERT INTO t SELECT * FROM hr.people WHERE a = \"b\" || 'c'")]
    [TestCase("UPDATE people SET a = 'it''s'")]
    [TestCase("/*! SELECT */ a FROM /*!50000 people */")]
    [TestCase("DELETE t FROM t JOIN people ON t.a = people.b")]
    [TestCase("SELECT * FROM t WHERE EXISTS (SELECT 1 FROM people)")]
    [TestCase("CREATE TABLE t AS SELECT * FROM people")]
    [TestCase("CALL p((SELECT count(*) FROM people))")]
    [TestCase("SET @a = (SELECT count(*) FROM people)")]
    [TestCase("HANDLER people OPEN")]
    [TestCase("EXPLAIN SELECT * FROM people")]
    [TestCase("SHOW COLUMNS FROM people")]
    [TestCase("PREPARE s FROM 'SELECT * FROM people'")]
    [TestCase("TABLE people")]
    [TestCase("SELECT 1 UNION TABLE people")]
    [TestCase("LOAD DATA INFILE 'x' INTO TABLE people")]
    [TestCase("WITH people AS (SELECT 1) SELECT * FROM people")]
    public void No_settings_read_fewer_relations_than_a_statement_uses(string sql)
    {
        foreach (var settings in AllSettings())
        {
            var all = Sql.All(sql, settings);
            Assert.That(all.Any(one => one.Facts.IsOpaque || one.Facts.Identifiers.Any(name => name.Name == "people")), Is.True, settings.ToString());
        }
    }

    private static IEnumerable<TestCaseData> Deep()
    {
        const int n = 50_000;
        string Repeat(string piece) => new StringBuilder().Insert(0, piece, n).ToString();
        yield return new TestCaseData("SELECT " + Repeat("(") + "1" + Repeat(")")).SetArgDisplayNames("parentheses");
        yield return new TestCaseData("SELECT 1" + Repeat(" + 1")).SetArgDisplayNames("operators");
        yield return new TestCaseData(Repeat("/*!") + "SELECT 1").SetArgDisplayNames("executable comments");
        yield return new TestCaseData(Repeat("/*!99999 /* */ */") + "SELECT 1").SetArgDisplayNames("comments for other versions");
        yield return new TestCaseData(Repeat("/*! ; ") + "SELECT 1").SetArgDisplayNames("statements in comments");
        yield return new TestCaseData(Repeat("/*+ '' */") + "SELECT 1").SetArgDisplayNames("hints");
        yield return new TestCaseData(Repeat("WITH a AS (") + "SELECT 1" + Repeat(") SELECT 1")).SetArgDisplayNames("with");
        yield return new TestCaseData("SELECT * FROM " + Repeat("(SELECT * FROM ") + "t" + Repeat(")")).SetArgDisplayNames("from");
        yield return new TestCaseData("SELECT * FROM t" + Repeat(", t")).SetArgDisplayNames("relations");
        yield return new TestCaseData("SELECT a" + Repeat(", a") + " FROM t").SetArgDisplayNames("items");
        yield return new TestCaseData("SELECT " + Repeat("TABLE ")).SetArgDisplayNames("table");
        yield return new TestCaseData("SELECT " + Repeat("VIEW a, ")).SetArgDisplayNames("view");
        yield return new TestCaseData("SELECT " + Repeat("FROM a ")).SetArgDisplayNames("many from");
        yield return new TestCaseData("UPDATE t SET " + Repeat("a = b, ") + "c = d").SetArgDisplayNames("set");
        yield return new TestCaseData("INSERT INTO t VALUES " + Repeat("(a), ") + "(b) ON DUPLICATE KEY UPDATE a = 1").SetArgDisplayNames("values");
        yield return new TestCaseData("SELECT 1 " + Repeat("INTO @t ")).SetArgDisplayNames("into");
        yield return new TestCaseData("SET " + Repeat("@a = b, ") + "@c = 1").SetArgDisplayNames("variables");
        yield return new TestCaseData("SET " + Repeat("a = b, ") + "c = 1").SetArgDisplayNames("settings");
        yield return new TestCaseData("ALTER TABLE t " + Repeat("EXCHANGE a ")).SetArgDisplayNames("exchange");
        yield return new TestCaseData(Repeat("EXPLAIN ")).SetArgDisplayNames("explain");
        yield return new TestCaseData(Repeat("SET STATEMENT a = 1 FOR ")).SetArgDisplayNames("set statement");
        yield return new TestCaseData("SELECT a" + Repeat(".a")).SetArgDisplayNames("dots");
        yield return new TestCaseData("SELECT 'a'" + Repeat(" 'a'")).SetArgDisplayNames("literals");
        yield return new TestCaseData("CREATE PROCEDURE p() " + Repeat("BEGIN ") + Repeat("END; ")).SetArgDisplayNames("blocks");
        yield return new TestCaseData("BEGIN NOT ATOMIC " + Repeat("SELECT CASE WHEN 1 THEN 1 END; ") + "END").SetArgDisplayNames("body");
        yield return new TestCaseData(Repeat("SELECT 1;")).SetArgDisplayNames("statements");
        yield return new TestCaseData("CREATE TABLE t (" + Repeat("WITH ") + ")").SetArgDisplayNames("create");
    }

    // A cost that grew with the square of the length would take minutes here.
    [TestCaseSource(nameof(Deep)), CancelAfter(20_000)]
    public void Depth_and_length_cost_no_more_than_their_share(string sql)
    {
        foreach (var settings in new[] { Sql.MySql, Sql.MariaDb })
        {
            Assert.That(Sql.All(sql, settings), Is.Not.Empty);
            Assert.That(LiteralMasker.Mask(Encoding.UTF8.GetBytes(sql), settings), Is.Not.Empty);
            RoutineBody.Scan(Encoding.UTF8.GetBytes(sql), settings);
        }
    }
}
