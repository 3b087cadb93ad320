using System.Text;
using BenchmarkDotNet.Attributes;
using WireGuardian.Core.Statements;
using WireGuardian.Sql.Postgres;

namespace WireGuardian.Benchmarks;

/// <summary>Text to facts: what a statement costs that the session has not seen before.</summary>
public class AnalyzerBenchmarks
{
    private readonly byte[] _select = Encoding.UTF8.GetBytes(
        "SELECT a.aid, a.abalance, b.bbalance FROM accounts a JOIN branches b ON b.bid = a.bid WHERE a.aid = 1042");

    private readonly byte[] _script = Encoding.UTF8.GetBytes(
        "BEGIN; UPDATE accounts SET abalance = abalance + 12 WHERE aid = 7; INSERT INTO history (aid, delta) VALUES (7, 12); END;");

    [Benchmark(Description = "SELECT of 100 bytes")]
    public IReadOnlyList<StatementFacts> Select() => PostgresAnalyzer.Analyze(_select, PostgresSqlSettings.Default);

    [Benchmark(Description = "four statements of 120 bytes")]
    public IReadOnlyList<StatementFacts> Script() => PostgresAnalyzer.Analyze(_script, PostgresSqlSettings.Default);
}
