using WireGuardian.Postgres.Lineage;
using WireGuardian.Testing.Postgres;

namespace WireGuardian.Postgres.Tests.Lineage;

/// <summary>Trees that servers of several versions wrote, read without a server.</summary>
public sealed class TreeFixtureTests
{
    /// <summary>A statement of <see cref="LineageCases"/> begins so.</summary>
    private static readonly (string Name, string Beginning)[] Kept =
    [
        ("case", "select case when"), ("row", "select row("), ("subscripts", "select tags[1]"), ("sublinks", "select id in ("), ("full-join", "select id, name from emp full join"),
        ("lateral-values", "select v.b from"), ("union", "(select ssn as a"), ("recursive", "with recursive r (id, boss)"), ("grouping-sets", "select name || 'x'"),
        ("window", "select lag("), ("rows-from", "select a, b from emp, rows from"), ("xmltable", "select x.v from emp, xmltable"), ("view", "select secret"),
        ("merge", "merge into dept"), ("conflict", "insert into dept (id, name) select id, ssn"), ("multiple-assignment", "update note set (body"), ("rule", "insert into ruled"),
        ("merge-returning", "merge into dept d using emp e on d.id = e.dept_id when matched then update set name = e.ssn returning"), ("json-table", "select t.a, t.n"),
        ("json", "select json_object("), ("returning-old", "update note set body = 'x' returning old"),
    ];

    private static IEnumerable<TestCaseData<string>> Files =>
        TreeFixture.Files.Select(file => new TestCaseData<string>(file).SetArgDisplayNames(Path.GetRelativePath(TreeFixture.Folder, file)));

    internal static ILineageFunctions Functions { get; } = new BenchFunctions();

    [TestCaseSource(nameof(Files))]
    public void A_tree_gives_its_lineage(string file)
    {
        var fixture = TreeFixture.Read(file);
        Assert.That(fixture.Names.Write(LineageReader.Read(fixture.Tree, Functions)), Is.EqualTo(fixture.Lineage));
    }

    /// <summary>A version to come may have nodes that read what no field shows.</summary>
    [TestCase("case.tree", "CASEEXPR")]
    [TestCase("case.tree", "CONST")]
    [TestCase("row.tree", "ROWEXPR")]
    [TestCase("window.tree", "WINDOWFUNC")]
    [TestCase("subscripts.tree", "SUBSCRIPTINGREF")]
    public void A_node_that_is_not_known_makes_its_column_unknown(string name, string label)
    {
        foreach (var version in (string[])["15", "18"])
        {
            var fixture = TreeFixture.Read(Path.Combine(TreeFixture.Folder, version, name));
            Assert.That(fixture.Tree, Does.Contain("{" + label));
            var lineage = LineageReader.Read(fixture.Tree.Replace("{" + label, "{NEWEXPR", StringComparison.Ordinal), Functions);
            Assert.That(lineage.Columns[0].Lineage.IsKnown, Is.False);
            Assert.That(lineage.Columns[0].Lineage.WhyUnknown, Does.Contain("NEWEXPR"));
            Assert.That(lineage.Predicates.IsKnown, Is.False);
        }
    }

    [Test]
    public void A_field_that_is_not_known_changes_nothing()
    {
        foreach (var file in TreeFixture.Files)
        {
            var fixture = TreeFixture.Read(file);
            var more = fixture.Tree.Replace("{VAR ", "{VAR :novelty {THING :a (1 2 (b 3)) :b <>} ", StringComparison.Ordinal).Replace("{QUERY ", "{QUERY :novelty ({THING}) ", StringComparison.Ordinal);
            Assert.That(fixture.Names.Write(LineageReader.Read(more, Functions)), Is.EqualTo(fixture.Lineage), file);
        }
    }

    /// <summary>Writes the files anew, when the trees of a version have changed or a statement was added.</summary>
    [Explicit("writes protocol-fixtures/postgres/trees")]
    [TestCase(PostgresVersion.Version15)]
    [TestCase(PostgresVersion.Version18)]
    public async Task Capture(PostgresVersion version)
    {
        await using var bench = await LineageBench.StartAsync(version, LineageCases.Schema);
        var folder = Directory.CreateDirectory(Path.Combine(TreeFixture.Folder, $"{(int)version}")).FullName;
        foreach (var (name, beginning) in Kept)
        {
            if (LineageCases.Of(version).FirstOrDefault(one => one.Statement.StartsWith(beginning, StringComparison.Ordinal)) is { Statement: not null } found)
                new TreeFixture(found.Statement, found.Lineage, bench.Names, await bench.TreeAsync(found.Statement)).Write(Path.Combine(folder, name + ".tree"));
        }
    }
}
