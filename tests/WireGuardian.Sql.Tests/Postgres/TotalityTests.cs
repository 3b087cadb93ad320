using System.Text;
using FsCheck;
using FsCheck.Fluent;
using WireGuardian.Core.Statements;
using WireGuardian.Sql.Postgres;

namespace WireGuardian.Sql.Tests.Postgres;

/// <summary>Any bytes give facts: no exception, no hang, and ranges that cover all there is.</summary>
public sealed class TotalityTests
{
    private static readonly string[] Pieces =
    [
        "SELECT ", "INSERT INTO ", "UPDATE ", "DELETE FROM ", "MERGE INTO ", "WITH ", "AS ", "(", ")", "[", "]", ",", ".", ";", "'", "\"", "$$", "$a$", "E'", "U&'",
        "U&\"", "\\", "/*", "*/", "--", "\n", " ", "t ", "a", "1", "0x", "1e", "$1", "::", ":=", "=>", "..", "+", "-", "*", "=", "@", "FROM ", "JOIN ", "USING ", "SET ",
        "VALUES ", "ON CONFLICT ", "DO UPDATE SET ", "WHEN ", "THEN ", "CASE ", "END ", "CREATE ", "FUNCTION ", "BEGIN ATOMIC ", "DO ", "EXPLAIN ", "ANALYZE ", "PREPARE ",
        "DECLARE ", "CURSOR ", "FOR ", "COPY ", "TO ", "TABLE ", "INTO ", "UESCAPE ", "query_to_xml", "set_config", "\0", "\u00e9", "\u00ff", "GENERATED ALWAYS AS ",
        "ALTER TABLE ", "DEFAULT ", "FETCH ", "EXECUTE ", "SCHEMA ", "LANGUAGE ", "RETURNING ", "SEARCH ", "CYCLE ",
    ];

    private static void Holds(byte[] text)
    {
        foreach (var isStandard in new[] { true, false })
        {
            foreach (var encoding in Enum.GetValues<PostgresTextEncoding>())
            {
                var settings = new PostgresSqlSettings(isStandard, encoding);
                var last = 0;
                foreach (var facts in PostgresAnalyzer.Analyze(text, settings))
                {
                    var (offset, length) = facts.Text.GetOffsetAndLength(text.Length);
                    Assert.That(offset, Is.GreaterThanOrEqualTo(last));
                    Assert.That(facts.Kinds, Is.Not.EqualTo(StatementKinds.None));
                    last = offset + length;
                }

                Assert.That(LiteralMasker.Mask(text, settings, 40), Has.Length.LessThanOrEqualTo(40));
            }
        }

        RoutineBody.Scan(text);
    }

    [Test]
    public void Any_bytes_give_facts() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(2000), Prop.ForAll<byte[]>(text => Holds(text)));

    [Test]
    public void Any_row_of_tokens_gives_facts() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(5000),
        Prop.ForAll(Gen.ArrayOf(Gen.Elements(Pieces)).ToArbitrary(), pieces => Holds(Encoding.Latin1.GetBytes(string.Concat(pieces)))));

    [Test]
    public void Text_cut_at_any_byte_gives_facts()
    {
        const string text = "WITH a AS (SELECT U&\"x\\0061\" UESCAPE '\\', E'\\'é' FROM t) INSERT INTO u (b) SELECT * FROM a ON CONFLICT (b) DO UPDATE SET c = "
            + "excluded.b RETURNING *; CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT $x$ $x$; END; DO $$ BEGIN DROP TABLE t; END $$";
        var bytes = Encoding.UTF8.GetBytes(text);
        for (var length = 0; length <= bytes.Length; length++)
            Holds(bytes[..length]);
    }

    [Test]
    public void The_pieces_of_a_text_put_together_are_the_text()
    {
        var statements = File.ReadLines(Path.Combine(TestContext.CurrentContext.TestDirectory, "Postgres", "Kinds.txt"))
            .Where(line => line.Contains('|') && line[0] != '#')
            .Select(line => line[(line.IndexOf('|') + 1)..].Trim())
            .Where(sql => sql.Count(c => c == '(') == sql.Count(c => c == ')'))
            .ToList();
        var text = string.Join("; -- x\n /* y */ ;", statements);
        Assert.That(Sql.All(text).Select(facts => text[facts.Text]), Is.EqualTo(statements));
    }

    private static IEnumerable<TestCaseData> Deep()
    {
        const int n = 100_000;
        string Repeat(string piece) => new StringBuilder().Insert(0, piece, n).ToString();
        yield return new TestCaseData("SELECT " + Repeat("(") + "1" + Repeat(")")).SetArgDisplayNames("parentheses");
        yield return new TestCaseData("SELECT 1" + Repeat(" + 1")).SetArgDisplayNames("operators");
        yield return new TestCaseData("SELECT " + Repeat("+") + "1").SetArgDisplayNames("signs");
        yield return new TestCaseData(Repeat("/*") + Repeat("*/") + "SELECT 1").SetArgDisplayNames("comments");
        yield return new TestCaseData(Repeat("WITH a AS (") + "SELECT 1" + Repeat(") SELECT 1")).SetArgDisplayNames("with");
        yield return new TestCaseData(Repeat("WITH a AS (INSERT INTO t SELECT b ") + Repeat(")") + "SELECT 1").SetArgDisplayNames("with insert");
        yield return new TestCaseData("SELECT * FROM " + Repeat("(SELECT * FROM ") + "t" + Repeat(")")).SetArgDisplayNames("from");
        yield return new TestCaseData("SELECT " + Repeat("TABLE ")).SetArgDisplayNames("table");
        yield return new TestCaseData("UPDATE t SET a = b FROM x " + Repeat("USING a ")).SetArgDisplayNames("using");
        yield return new TestCaseData("UPDATE t SET " + Repeat("a = b, ") + "c = d FROM x").SetArgDisplayNames("set");
        yield return new TestCaseData("MERGE INTO t USING s ON true " + Repeat("WHEN MATCHED THEN UPDATE SET a = b ")).SetArgDisplayNames("merge");
        yield return new TestCaseData("MERGE INTO t USING s ON true WHEN MATCHED " + Repeat("THEN UPDATE SET a = b ")).SetArgDisplayNames("then");
        yield return new TestCaseData("SELECT 1 " + Repeat("INTO t ")).SetArgDisplayNames("into");
        yield return new TestCaseData("CREATE TABLE t (" + Repeat("GENERATED ALWAYS AS (a ") + Repeat(")") + ")").SetArgDisplayNames("generated");
        yield return new TestCaseData("ALTER TABLE t " + Repeat("USING a ")).SetArgDisplayNames("alter using");
        yield return new TestCaseData("SELECT " + Repeat("set_config(")).SetArgDisplayNames("functions");
        yield return new TestCaseData("SELECT " + Repeat("query_to_xml('SELECT 1', ")).SetArgDisplayNames("sql in literals");
        yield return new TestCaseData(Repeat("EXPLAIN ")).SetArgDisplayNames("explain");
        yield return new TestCaseData(Repeat("PREPARE a AS ")).SetArgDisplayNames("prepare");
        yield return new TestCaseData("SELECT a" + Repeat(".a")).SetArgDisplayNames("dots");
        yield return new TestCaseData("SELECT 'a'" + Repeat("\n'a'")).SetArgDisplayNames("continued literals");
        yield return new TestCaseData("CREATE FUNCTION f() BEGIN ATOMIC " + Repeat("SELECT CASE WHEN 1 THEN 1 END; ") + "END").SetArgDisplayNames("atomic");
        yield return new TestCaseData(Repeat("SELECT 1;")).SetArgDisplayNames("statements");
        yield return new TestCaseData("DELETE FROM a " + Repeat("DELETE FROM a USING b ")).SetArgDisplayNames("delete");
        yield return new TestCaseData("WITH a AS (SELECT 1) SEARCH " + Repeat("UPDATE t SET a = b ")).SetArgDisplayNames("search");
    }

    // A cost that grew with the square of the length would take minutes here.
    [TestCaseSource(nameof(Deep)), CancelAfter(20_000)]
    public void Depth_and_length_cost_no_more_than_their_share(string sql)
    {
        Assert.That(Sql.All(sql), Is.Not.Empty);
        Assert.That(LiteralMasker.Mask(Encoding.UTF8.GetBytes(sql), PostgresSqlSettings.Default), Is.Not.Empty);
        RoutineBody.Scan(Encoding.UTF8.GetBytes(sql));
    }
}
