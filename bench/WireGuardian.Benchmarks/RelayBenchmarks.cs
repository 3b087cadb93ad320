using BenchmarkDotNet.Attributes;
using WireGuardian.Core.Detection;
using WireGuardian.Core.Identity;
using WireGuardian.Core.Masking;
using WireGuardian.Core.Policies;
using WireGuardian.Core.Statements;
using WireGuardian.Postgres.Relay;
using WireGuardian.Proxy.Limits;
using WireGuardian.Proxy.Relay;
using WireGuardian.Testing.Wire;

namespace WireGuardian.Benchmarks;

/// <summary>
/// The relay core alone, without sockets: what a transaction of pgbench (select-only) costs in each protocol, both directions, with an approval rule in
/// force and no masks.
/// </summary>
public class RelayBenchmarks : IStatementLog
{
    private const string Sql = "SELECT abalance FROM pgbench_accounts WHERE aid = $1";

    private readonly RelayOutput _output = new();
    private readonly PostgresRelay _relay;
    private readonly byte[] _simple = FrontendMessage.Query("SELECT abalance FROM pgbench_accounts WHERE aid = 1042");
    private readonly byte[] _prepared = [.. FrontendMessage.Bind("", "P_0", "1042"), .. FrontendMessage.Execute(""), .. FrontendMessage.Sync];

    private readonly byte[] _simpleAnswer =
    [
        .. BackendMessages.RowDescription("abalance", table: 16_400), .. BackendMessages.DataRow("-4711"),
        .. BackendMessages.CommandComplete("SELECT 1"), .. BackendMessages.ReadyForQuery,
    ];

    private readonly byte[] _preparedAnswer =
    [
        .. BackendMessages.BindComplete, .. BackendMessages.DataRow("-4711"),
        .. BackendMessages.CommandComplete("SELECT 1"), .. BackendMessages.ReadyForQuery,
    ];

    public RelayBenchmarks()
    {
        var policy = new Policy
        {
            Approvals = [new ApprovalRule { Name = "schema-changes", Kinds = StatementKinds.Ddl, Action = RuleAction.Hold }],
        };
        var principal = new Principal("app", [], "127.0.0.1", "pgbench");
        var context = new SessionContext("bench", principal, "shop", new PolicySource(policy), Catalog: null, MaskKey.Random());
        _relay = new PostgresRelay(context, new LimitOptions(), this);
    }

    [GlobalSetup]
    public void Prepare()
    {
        FromServer(BackendMessages.ReadyForQuery);
        FromClient([.. FrontendMessage.Parse("P_0", Sql), .. FrontendMessage.Sync]);
        FromServer([.. BackendMessages.ParseComplete, .. BackendMessages.ReadyForQuery]);
    }

    [Benchmark(Description = "simple query")]
    public void Simple()
    {
        FromClient(_simple);
        FromServer(_simpleAnswer);
    }

    [Benchmark(Description = "prepared")]
    public void Prepared()
    {
        FromClient(_prepared);
        FromServer(_preparedAnswer);
    }

    public void Passed(PreparedStatement statement, Judgement judgement)
    {
    }

    public void BatchEnded()
    {
    }

    public void KeyReceived(int processId, ReadOnlySpan<byte> key)
    {
    }

    public void CountDetections(string rule, Detector detector, int count)
    {
    }

    public void CountMaskedValues(string rule, int count)
    {
    }

    private void FromClient(byte[] bytes) => Require(_relay.FromClient(bytes, _output), bytes);

    private void FromServer(byte[] bytes) => Require(_relay.FromServer(bytes, _output), bytes);

    /// <summary>A core that waits for something would make a fast benchmark of nothing.</summary>
    private void Require(RelayStep step, byte[] bytes)
    {
        _output.Clear();
        if (step.Consumed != bytes.Length || step.Need != RelayNeed.Bytes)
            throw new InvalidOperationException($"the relay consumed {step.Consumed} of {bytes.Length} bytes and needs {step.Need}");
    }
}
