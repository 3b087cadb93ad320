using System.Diagnostics.Metrics;
using WireGuardian.Cli.Tests.Commands;
using WireGuardian.ControlPlane.Tests.Hosting;
using WireGuardian.Core.Audit;
using WireGuardian.Core.Audit.Evidence;
using WireGuardian.Server.ControlPlane;
using WireGuardian.Storage.Audit;
using WireGuardian.Testing.Time;

namespace WireGuardian.Cli.Tests.Auditing;

/// <summary>A control plane over a real store, and a folder for what is taken out of it.</summary>
internal sealed class AuditedServer : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wireguardian-audited-");
    private readonly Meter _meter = new("test");
    private readonly AuditSigningKey _key = AuditSigningKey.Create();
    private readonly List<SignedCheckpoint> _checkpoints = [];
    private readonly SqliteAuditLog _log;
    private ControlPlaneHost? _host;

    private AuditedServer()
    {
        Data = Path.Combine(_folder.FullName, "data");
        var options = new SqliteAuditOptions { SigningKey = _key, CheckpointRecords = 5, CheckpointMade = _checkpoints.Add };
        _log = SqliteAuditLog.Open(Data, new AuditMetrics(_meter), new FakeTime(Samples.Noon), options);
    }

    public string Data { get; }

    public static async Task<AuditedServer> StartAsync(ControlPlaneOptions? options = null)
    {
        var server = new AuditedServer();
        server._host = await ControlPlaneHost.StartAsync(options, archive: server._log.Archive);
        return server;
    }

    public Task AppendAsync(AuditRecord record) => _log.AppendDurableAsync(record, CancellationToken.None).AsTask();

    /// <summary>Request R7K2 is held, approved after two minutes and released; Q9 is denied.</summary>
    public async Task DecideAsync()
    {
        var held = Samples.Record(AuditEvents.Hold, "R7K2") with { Statement = "DROP TABLE people", Digest = "00ff", PolicyVersion = "3" };
        await AppendAsync(held);
        await AppendAsync(held with { Event = AuditEvents.Approve, Operator = "dana", Channel = "grpc", Decision = "approved", Time = Samples.Noon.AddMinutes(2) });
        await AppendAsync(held with { Event = AuditEvents.Release, Decision = "released", Time = Samples.Noon.AddMinutes(2) });
        await AppendAsync(held with { RequestId = "Q9" });
        await AppendAsync(held with { RequestId = "Q9", Event = AuditEvents.DecisionRefused, Operator = "ana", Detail = "The operator ana is the requester." });
        await AppendAsync(held with { RequestId = "Q9", Event = AuditEvents.Deny, Operator = "erin", Detail = "no", Decision = "denied", Time = Samples.Noon.AddMinutes(4) });
    }

    public Task<Run> RunAsync(params string[] args) => Run.AgainstAsync(_host!, args);

    /// <summary>Keeps what a command printed as a file.</summary>
    public string Keep(string name, string content)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, content);
        return path;
    }

    public async Task<string> KeepKeyAsync() => Keep("audit.pub", (await RunAsync("audit", "key")).Out);

    public string KeepCheckpoints() => Keep("checkpoints.jsonl", string.Concat(_checkpoints.Select(signed => EvidenceJson.Line(signed) + "\n")));

    public async ValueTask DisposeAsync()
    {
        await _host!.DisposeAsync();
        await _log.DisposeAsync();
        _key.Dispose();
        _meter.Dispose();
        _folder.Delete(recursive: true);
    }
}
