using WireGuardian.Postgres.Lineage;
using WireGuardian.Proxy;
using WireGuardian.Testing.Postgres;

namespace WireGuardian.Postgres.Tests.Lineage;

/// <summary>Real statements, parsed by real servers.</summary>
[TestFixture(PostgresVersion.Version14)]
[TestFixture(PostgresVersion.Version15)]
[TestFixture(PostgresVersion.Version16)]
[TestFixture(PostgresVersion.Version17)]
[TestFixture(PostgresVersion.Version18)]
public sealed class LineageTests(PostgresVersion version)
{
    private LineageBench _bench = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _bench = await LineageBench.StartAsync(version, LineageCases.Schema);

    [OneTimeTearDown]
    public async Task StopAsync() => await _bench.DisposeAsync();

    [Test]
    public async Task Every_column_has_its_lineage()
    {
        var wrong = new List<string>();
        foreach (var (statement, expected) in LineageCases.Of(version))
        {
            var lineage = await WriteAsync(statement);
            if (lineage != expected)
                wrong.Add($"{statement}\n    expected {expected}\n    but was  {lineage}");
        }
        Assert.That(wrong, Is.Empty, string.Join('\n', wrong));
    }

    [Test]
    public async Task Row_security_is_a_predicate()
    {
        await _bench.ExecuteAsync(
            """
            create table guarded (id int, owner text);
            alter table guarded enable row level security;
            create policy own on guarded using (owner = current_user and exists (select 1 from emp where emp.ssn = guarded.owner));
            create role lineage_reader;
            grant select on guarded, emp to lineage_reader;
            set role lineage_reader
            """);
        try
        {
            var lineage = await _bench.ReadAsync("select id from guarded");
            var names = await LineageNames.ReadAsync(new(await _bench.Database.OpenAsync()));
            Assert.That(names.Write(lineage), Is.EqualTo("id = guarded.id | where emp.ssn, guarded.owner"));
        }
        finally
        {
            await _bench.ExecuteAsync("reset role; drop table guarded; revoke all on emp from lineage_reader; drop role lineage_reader");
        }
    }

    [Test]
    public async Task Relations_and_functions_are_those_behind_views_too()
    {
        var lineage = await _bench.ReadAsync("select id, uname from v_emp where shout(ssn) = 'x'");
        uint Oid(string name) => (uint)(long)_bench.Database.ScalarAsync($"select {name}::oid::bigint").Result!;
        Assert.That(lineage.Relations, Is.EquivalentTo(new[] { Oid("'v_emp'::regclass"), Oid("'emp'::regclass") }));
        Assert.That(lineage.Functions, Is.EquivalentTo(new[] { Oid("'upper(text)'::regprocedure"), Oid("'shout(text)'::regprocedure"), Oid("'texteq(text,text)'::regprocedure") }));
    }

    /// <summary>A name is whatever a user likes, and the server writes it between the fields of its tree.</summary>
    [TestCase(":expr")]
    [TestCase(":resjunk true")]
    [TestCase("<>")]
    [TestCase("\"\"")]
    [TestCase("a b  c")]
    [TestCase("a\nb\\")]
    [TestCase("x} :resjunk true} {TARGETENTRY :expr {CONST")]
    [TestCase("ünïcödé ( ) { } \\ naïve")]
    [TestCase("(((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((")]
    [TestCase("x((((((((((((((((((((((((((((()))))))))))))))))))))))))))))))")]
    [TestCase("x}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}")]
    [TestCase("} {QUERY :canSetTag true :commandType 1 :targetList <> } a b c d")]
    public async Task Names_are_not_taken_for_structure(string name)
    {
        var quoted = $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
        foreach (var padding in Enumerable.Range(0, 90))
        {
            var statement = $"with {quoted} as (select id as {new string('p', 1 + (padding % 60))}, ssn as {quoted} from emp {quoted}) "
                + $"select {quoted}.{quoted} as {quoted}, 1 as one{new string('o', padding / 2)} from {quoted}";
            string? lineage = null;
            try
            {
                lineage = await WriteAsync(statement);
            }
            catch (ProtocolException)
            {
                // Broken where it cannot be mended.
            }
            if (lineage is not null)
                Assert.That(lineage[..lineage.IndexOf("; one", StringComparison.Ordinal)], Does.EndWith("= emp.ssn").Or.EndWith("= ?"), statement);
        }
    }

    /// <summary>Where the server breaks its line at an escaped space, the name reads as if it had a line break there.</summary>
    [Test]
    public async Task Names_that_a_line_break_makes_alike_are_not_mistaken_for_each_other()
    {
        foreach (var padding in Enumerable.Range(0, 90))
        {
            var statement = $"with \"a b\" as (select ssn, 1 as {new string('p', 1 + (padding % 60))} from emp), \"a\nb\" as (select 1 as ssn) select {new string('q', 1 + (padding / 2))}.ssn from \"a b\" as {new string('q', 1 + (padding / 2))}";
            Assert.That(await WriteAsync(statement), Is.EqualTo("ssn = ?").Or.EqualTo("ssn = emp.ssn"), statement);
        }
    }

    [Test]
    public async Task What_would_not_end_soon_is_refused()
    {
        // Each level is walked twice for each walk of the level around it.
        static string Nested(int depth) => depth == 0
            ? "select id from emp"
            : $"with recursive r{depth} (a) as (select id from emp union all select z.b from ({Nested(depth - 1)}) s, r{depth} z (b)) select a from r{depth}";
        Assert.That(await WriteAsync(Nested(4)), Is.EqualTo("a = emp.id"));
        Assert.That(async () => await WriteAsync(Nested(24)), Throws.InstanceOf<ProtocolException>());
    }

    [Test]
    public async Task An_expression_too_deep_for_the_stack_is_refused()
    {
        var tree = await _bench.TreeAsync("select id + 1 as a from emp");
        var start = tree.IndexOf("{OPEXPR", StringComparison.Ordinal);
        var variable = tree.IndexOf("{VAR", start, StringComparison.Ordinal);
        var open = tree[start..variable];
        var rest = tree[variable..];
        var end = rest.IndexOf("} {CONST", StringComparison.Ordinal) + 1;
        var close = rest[end..rest.IndexOf(" :resno", StringComparison.Ordinal)];
        string Deep(int depth) => tree[..start] + string.Concat(Enumerable.Repeat(open, depth)) + rest[..end] + string.Concat(Enumerable.Repeat(close, depth)) + rest[rest.IndexOf(" :resno", StringComparison.Ordinal)..];
        Assert.That(_bench.Names.Write(LineageReader.Read(Deep(200), _bench.Functions)), Is.EqualTo("a ~ emp.id"));
        Exception? refusal = null;
        var deep = Deep(9_000);
        var thread = new Thread(
            () =>
            {
                try
                {
                    LineageReader.Read(deep, _bench.Functions);
                }
                catch (Exception exception)
                {
                    refusal = exception;
                }
            },
            maxStackSize: 1 << 20);
        thread.Start();
        thread.Join();
        Assert.That(refusal, Is.InstanceOf<ProtocolException>());
    }

    private async Task<string> WriteAsync(string statement) => _bench.Names.Write(await _bench.ReadAsync(statement));
}
