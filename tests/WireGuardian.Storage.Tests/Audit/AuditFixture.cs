using System.Diagnostics.Metrics;
using Microsoft.Data.Sqlite;
using WireGuardian.Core.Audit;
using WireGuardian.Core.Audit.Evidence;
using WireGuardian.Storage.Audit;
using WireGuardian.Testing.Time;

namespace WireGuardian.Storage.Tests.Audit;

/// <summary>A data directory and ways to open, watch and damage what is in it.</summary>
internal sealed class AuditFixture : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly MeterListener _listener = new();
    private readonly Meter _meter = new("WireGuardian");
    private readonly AuditMetrics _metrics;
    private long _committed;
    private long _failed;

    public AuditFixture()
    {
        Directory = System.IO.Path.Combine(_directory.Path, "data");
        _listener.InstrumentPublished = (instrument, self) =>
        {
            if (ReferenceEquals(instrument.Meter, _meter))
                self.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, _, _) =>
            Interlocked.Add(ref instrument.Name == "wireguardian.audit.records" ? ref _committed : ref _failed, value));
        _listener.Start();
        _metrics = new AuditMetrics(_meter);
    }

    public string Directory { get; init; }

    public string Database => System.IO.Path.Combine(Directory, "audit.db");

    public FakeTime Time { get; } = new();

    public long Committed => Interlocked.Read(ref _committed);

    public long Failed => Interlocked.Read(ref _failed);

    public SqliteAuditLog Open(SqliteAuditOptions? options = null) => SqliteAuditLog.Open(Directory, _metrics, Time, options);

    public AuditSigningKey Key { get; } = AuditSigningKey.Create();

    /// <summary>Opens the log with a key; checkpoints come only when asked for, or as the options say.</summary>
    public SqliteAuditLog OpenSigned(SqliteAuditOptions? options = null) =>
        Open((options ?? new SqliteAuditOptions { CheckpointRecords = int.MaxValue }) with { SigningKey = Key });

    public AuditRecord Record(string statement, string requestId = "") => new()
    {
        Time = Time.GetUtcNow(),
        Event = AuditEvents.Statement,
        Statement = statement,
        RequestId = requestId,
    };

    /// <summary>The statements of all records in the store, in the order of the chain.</summary>
    public string[] Statements() =>
        [.. new AuditReader(Directory).Query(new AuditQuery(int.MaxValue)).Select(chained => chained.Record.Statement)];

    /// <summary>Runs SQL on the store behind the log's back, as somebody with the file would.</summary>
    public void Tamper(string sql)
    {
        using var connection = Connect();
        using var command = connection.CreateCommand();
        command.CommandText = $"DROP TRIGGER IF EXISTS audit_never_changes; DROP TRIGGER IF EXISTS audit_never_shrinks; {sql}";
        command.ExecuteNonQuery();
    }

    public long Count(string sql)
    {
        using var connection = Connect();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }

    /// <summary>Keeps the store from being written until disposed.</summary>
    public SqliteConnection LockStore()
    {
        var connection = Connect();
        using var command = connection.CreateCommand();
        command.CommandText = "BEGIN IMMEDIATE";
        command.ExecuteNonQuery();
        return connection;
    }

    public void Dispose()
    {
        Key.Dispose();
        _listener.Dispose();
        _meter.Dispose();
        _directory.Dispose();
    }

    private SqliteConnection Connect()
    {
        var connection = new SqliteConnection($"Data Source={Database};Pooling=False");
        connection.Open();
        return connection;
    }
}
