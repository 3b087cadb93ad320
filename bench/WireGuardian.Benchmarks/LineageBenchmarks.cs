using System.Text;
using BenchmarkDotNet.Attributes;
using WireGuardian.Core.Identity;
using WireGuardian.Core.Labels;
using WireGuardian.Core.Statements;
using WireGuardian.Postgres.Catalog;
using WireGuardian.Sql.Postgres;

namespace WireGuardian.Benchmarks;

/// <summary>Lineage that is at hand: what a statement costs whose template another one had before.</summary>
[MemoryDiagnoser]
public class LineageBenchmarks
{
    private readonly LineageCache _cache = new(new NoSnapshot());
    private LineageQuestion _question;

    [GlobalSetup]
    public void Setup()
    {
        _cache.Keep(Question("SELECT count(*), max(b.bbalance) FROM accounts a JOIN branches b ON b.bid = a.bid WHERE a.aid = 7"), LineageAnswer.Unknown(""));
        _question = Question("SELECT count(*), max(b.bbalance) FROM accounts a JOIN branches b ON b.bid = a.bid WHERE a.aid = 1042");
        if (Hit() is null)
            throw new InvalidOperationException("it is no hit");
    }

    [Benchmark(Description = "a hit for 100 bytes")]
    public LineageAnswer? Hit() => _cache.Find(_question);

    private static LineageQuestion Question(string sql)
    {
        var text = Encoding.UTF8.GetBytes(sql);
        return new(text, PostgresAnalyzer.Analyze(text, PostgresSqlSettings.Default)[0], StandardConformingStrings: true, default);
    }

    private sealed class NoSnapshot : ICatalogSnapshot
    {
        public ICatalogView ViewFor(Principal principal) => throw new NotSupportedException();

        public ICatalogView Unexempted => throw new NotSupportedException();

        public long LabelVersion => 0;

        public IReadOnlyList<LabelledColumn>? CopiesOf(StatementFacts facts, LineageAnswer answer) => null;

        public bool RunsCode(StatementFacts facts) => false;

        public bool IsNamedInCode(string name) => false;

        public IReadOnlyList<uint> Namesakes(string name) => [];

        public PostgresType TypeOf(uint oid) => PostgresType.Unknown(oid);

        public bool IsGenerated(uint relation, short attribute) => false;
    }
}
