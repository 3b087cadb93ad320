using WireGuardian.Testing.Postgres;

namespace WireGuardian.Postgres.Tests.Lineage;

/// <summary>Real statements, parsed by real servers.</summary>
[TestFixture(PostgresVersion.Version15)]
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
        foreach (var (statement, expected) in version >= PostgresVersion.Version17 ? LineageCases.Common.Concat(LineageCases.Since17) : LineageCases.Common)
        {
            try { 
            var lineage = _bench.Names.Write(await _bench.ReadAsync(statement));
            if (lineage != expected)
                wrong.Add($"{statement}\n    expected {expected}\n    but was  {lineage}");
            } catch (Exception e) { wrong.Add(statement + "\n  " + e.Message); }
        }
        Assert.That(wrong, Is.Empty, string.Join('\n', wrong));
    }
}
