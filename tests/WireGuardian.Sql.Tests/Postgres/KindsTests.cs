namespace WireGuardian.Sql.Tests.Postgres;

/// <summary>A table of statements and their kinds, in Kinds.txt: the kinds, a bar, the statement. A statement of several lines continues indented.</summary>
public sealed class KindsTests
{
    private static IEnumerable<TestCaseData> Table()
    {
        var path = Path.Combine(TestContext.CurrentContext.TestDirectory, "Postgres", "Kinds.txt");
        foreach (var line in File.ReadLines(path))
        {
            var bar = line.IndexOf('|');
            if (bar < 0 || line[0] == '#')
                continue;
            yield return new TestCaseData(line[(bar + 1)..].Trim(), line[..bar].Trim()).SetArgDisplayNames(line[(bar + 1)..].Trim());
        }
    }

    [TestCaseSource(nameof(Table))]
    public void A_statement_has_the_kinds_of_the_table(string sql, string kinds) => Assert.That(Sql.Kinds(sql), Is.EqualTo(kinds));

    [TestCaseSource(nameof(Table))]
    public void Comments_and_case_hide_nothing(string sql, string kinds)
    {
        // Key words only: text in quotes means itself.
        if (sql.AsSpan().IndexOfAny('\'', '"', '$') < 0)
            Assert.That(Sql.Kinds("/* x /* y */ */" + sql.ToUpperInvariant().Replace(" ", "/**/ --\n", StringComparison.Ordinal)), Is.EqualTo(kinds));
    }

    [TestCaseSource(nameof(Table))]
    public void Every_statement_is_read_to_its_end(string sql, string kinds)
    {
        if (sql.Count(c => c == '(') != sql.Count(c => c == ')'))
            Assert.Ignore("Without its parenthesis a statement has no end.");
        var all = Sql.All(sql + "; DROP TABLE x");
        Assert.That(all, Has.Count.EqualTo(2));
        Assert.That(all[1].Kinds, Is.EqualTo(Core.Statements.StatementKinds.Ddl));
    }
}
