using System.Text;
using WireGuardian.Core.Statements;
using WireGuardian.Sql.Postgres;

namespace WireGuardian.Sql.Tests.Postgres;

/// <summary>What COPY … TO STDOUT says of the data that it sends.</summary>
public sealed class CopyOutTests
{
    [TestCase("COPY t TO STDOUT", "Text \\t \\N")]
    [TestCase("copy t to stdin", "Text \\t \\N")]
    [TestCase("COPY t TO STDOUT WITH (FORMAT text, DELIMITER '|', NULL '', HEADER)", "Text |  header")]
    [TestCase("COPY t TO STDOUT (FORMAT 'csv')", "Csv ,  \" \"")]
    [TestCase("COPY t TO STDOUT (FORMAT csv, QUOTE '''', ESCAPE E'\\\\', HEADER off, NULL 'x,y')", "Csv , x,y ' \\")]
    [TestCase("COPY t TO STDOUT (FORMAT csv, FORCE_QUOTE *)", "Csv ,  \" \" all")]
    [TestCase("COPY t TO STDOUT (FORMAT csv, FORCE_QUOTE (a, \"B\"), HEADER 1)", "Csv ,  \" \" a B header")]
    [TestCase("COPY t TO STDOUT (FORMAT binary, ENCODING 'latin1')", "Binary \\t \\N not UTF-8")]
    [TestCase("COPY t TO STDOUT (ENCODING utf8, FREEZE false, HEADER 'TRUE')", "Text \\t \\N header UTF-8")]
    [TestCase("COPY BINARY t TO STDOUT", "Binary \\t \\N")]
    [TestCase("COPY t TO STDOUT BINARY", "Binary \\t \\N")]
    [TestCase("COPY t TO STDOUT USING DELIMITERS ';' WITH NULL AS ''", "Text ; ")]
    [TestCase("COPY t TO STDOUT DELIMITERS ';' CSV", "Csv ;  \" \"")]
    [TestCase("COPY t TO STDOUT WITH CSV HEADER QUOTE AS '''' ESCAPE '!' DELIMITER AS '|' NULL 'n' FORCE QUOTE a, b ENCODING 'UTF8'", "Csv | n ' ! a b header UTF-8")]
    [TestCase("COPY t TO STDOUT CSV FORCE QUOTE * HEADER", "Csv ,  \" \" all header")]
    [TestCase("COPY t TO STDOUT NULL E'\\\\x'", "Text \\t \\x")]
    public void Options_are_read_in_both_spellings(string sql, string expected) => Assert.That(Show(Sql.One(sql).CopyOut!), Is.EqualTo(expected));

    [TestCase("COPY t TO STDOUT", "SELECT * FROM t", false)]
    [TestCase("COPY s.t (a, \"B c\", name, U&\"d\") TO STDOUT", "SELECT a, \"B c\", \"name\", U&\"d\" FROM s.t", true)]
    [TestCase("COPY binary s . \"T\" /* x */ ( a ) TO STDOUT", "SELECT a FROM s . \"T\"", true)]
    [TestCase("COPY (SELECT 1) TO STDOUT", "      SELECT 1", false)]
    [TestCase("/* ü */ COPY (SELECT 1 -- x\n) TO STDOUT", "              SELECT 1", false)]
    public void The_query_that_has_the_same_columns(string sql, string query, bool isCertain)
    {
        var copy = Sql.One(sql).CopyOut!;
        Assert.That(Encoding.UTF8.GetString(copy.Describing), Is.EqualTo(query));
        Assert.That((copy.IsCertain, copy.IsQuery), Is.EqualTo((isCertain, query.StartsWith(' '))));
    }

    [TestCase("COPY t FROM STDIN")]
    [TestCase("COPY t TO 'file'")]
    [TestCase("COPY t TO PROGRAM 'cat'")]
    [TestCase("COPY t TO STDOUT (FORMAT xml)")]
    [TestCase("COPY t TO STDOUT (FORMAT csv, FORCE_NULL (a))")]
    [TestCase("COPY t TO STDOUT (UNHEARD)")]
    [TestCase("COPY t TO STDOUT (HEADER match)")]
    [TestCase("COPY t TO STDOUT (FORMAT csv")]
    [TestCase("COPY t TO STDOUT (FORMAT csv) WHERE a")]
    [TestCase("COPY t TO STDOUT (DELIMITER 'ab')")]
    [TestCase("COPY t TO STDOUT (DELIMITER 'ü')")]
    [TestCase("COPY t TO STDOUT (DELIMITER E'\\n')")]
    [TestCase("COPY t TO STDOUT (NULL 'guess')", Description = "a value may look like it")]
    [TestCase("COPY t TO STDOUT (NULL E'\\\\n')", Description = "a value may look like it")]
    [TestCase("COPY t TO STDOUT (DELIMITER '|', NULL E'\\\\|')", Description = "a value may look like it")]
    [TestCase("COPY t TO STDOUT (NULL 'ü')")]
    [TestCase("COPY t TO STDOUT (ENCODING 'SJIS')")]
    [TestCase("COPY t (a b) TO STDOUT")]
    [TestCase("COPY t () TO STDOUT")]
    [TestCase("COPY (SELECT 1; SELECT 2) TO STDOUT")]
    [TestCase("COPY (VACUUM t) TO STDOUT")]
    [TestCase("COPY (SELECT pg_notify('x', ssn) FROM t) TO STDOUT")]
    [TestCase("COPY (SELECT lo_export(1, 'x') FROM t) TO STDOUT")]
    public void What_cannot_be_masked_has_none(string sql) => Assert.That(Sql.All(sql).Select(facts => facts.CopyOut), Is.All.Null);

    [Test]
    public void Where_a_backslash_may_be_half_a_character_there_is_none()
    {
        var settings = PostgresSqlSettings.Default with { Encoding = PostgresTextEncoding.Unsafe };
        Assert.That(PostgresAnalyzer.Analyze("COPY t TO STDOUT"u8, settings)[0].CopyOut, Is.Null);
    }

    private static string Show(CopyOut copy) => string.Join(
        ' ',
        [
            copy.Format.ToString(), copy.Delimiter == '\t' ? "\\t" : $"{(char)copy.Delimiter}", Encoding.ASCII.GetString(copy.Null),
            .. copy.Format == CopyFormat.Csv ? (string[])[$"{(char)copy.Quote}", $"{(char)copy.Escape}"] : [], .. copy.ForcesAllQuotes ? (string[])["all"] : [],
            .. copy.ForcedQuotes, .. copy.HasHeader ? (string[])["header"] : [],
            .. copy.IsUtf8 switch { true => (string[])["UTF-8"], false => ["not UTF-8"], null => [] },
        ]);
}
