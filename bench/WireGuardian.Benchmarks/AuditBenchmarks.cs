using System.Diagnostics.Metrics;
using BenchmarkDotNet.Attributes;
using WireGuardian.Core.Audit;
using WireGuardian.Core.Statements;
using WireGuardian.Storage.Audit;

namespace WireGuardian.Benchmarks;

/// <summary>What a record costs the statement that waits for it. Appends come in turns with a durable one, or the queue to the store would overflow.</summary>
public class AuditBenchmarks
{
    private const int Batch = 1000;

    private readonly string _folder = Directory.CreateTempSubdirectory("wireguardian-audit-").FullName;
    private readonly Meter _meter = new("benchmark");
    private readonly AuditRecord _record = new()
    {
        Time = DateTimeOffset.UnixEpoch,
        Event = AuditEvents.Statement,
        Principal = "app",
        Client = "127.0.0.1",
        Listener = "app-pg",
        Database = "shop",
        Statement = "SELECT abalance FROM pgbench_accounts WHERE aid = ?",
        Kinds = StatementKinds.Select,
        Decision = "allow",
    };

    private SqliteAuditLog? _log;

    [GlobalSetup]
    public void Open() => _log = SqliteAuditLog.Open(_folder, new AuditMetrics(_meter), TimeProvider.System);

    [Benchmark(Description = "1000 spooled, then all of them durable", OperationsPerInvoke = Batch)]
    public async Task Spooled()
    {
        for (var i = 1; i < Batch; i++)
            _log!.Append(_record);
        await _log!.AppendDurableAsync(_record, CancellationToken.None);
    }

    [Benchmark(Description = "durable, one at a time")]
    public async Task Durable() => await _log!.AppendDurableAsync(_record, CancellationToken.None);

    [GlobalCleanup]
    public async Task Close()
    {
        await _log!.DisposeAsync();
        _meter.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
