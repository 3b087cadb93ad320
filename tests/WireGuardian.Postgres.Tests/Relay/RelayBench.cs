using System.Buffers;
using System.Text;
using WireGuardian.Core.Detection;
using WireGuardian.Core.Identity;
using WireGuardian.Core.Masking;
using WireGuardian.Core.Policies;
using WireGuardian.Core.Statements;
using WireGuardian.Postgres.Messages;
using WireGuardian.Postgres.Relay;
using WireGuardian.Proxy.Limits;
using WireGuardian.Proxy.Relay;

namespace WireGuardian.Postgres.Tests.Relay;

/// <summary>
/// A relay core with a driver that has no sockets: bytes are fed in pieces, what comes out is kept. DDL and DELETE are held, and the gate's answer is
/// refusal unless the test says otherwise.
/// </summary>
internal sealed class RelayBench : IStatementLog
{
    private readonly RelayOutput _output = new();
    private byte[] _fromClient = [];
    private byte[] _fromServer = [];

    public RelayBench(bool masking = true, bool holding = true, LimitOptions? limits = null, IReadOnlyList<DetectionRule>? detection = null, params ApprovalRule[] rules)
    {
        var policy = new Policy
        {
            Masking = masking ? [FakeCatalog.Rule] : [],
            Detection = detection ?? [],
            Approvals = holding ? [new() { Name = "dangerous", Kinds = StatementKinds.Ddl | StatementKinds.Delete, Action = RuleAction.Hold }, .. rules] : rules,
        };
        var context = new SessionContext(
            "app", new Principal("alice", [], "127.0.0.1", ""), "db", new PolicySource(policy), masking || detection is not null ? Catalog : null, new MaskKey("0123456789abcdef"u8));
        Core = new PostgresRelay(context, limits ?? new LimitOptions(), this);
    }

    public PostgresRelay Core { get; }

    public FakeCatalog Catalog { get; } = new();

    public MemoryStream ToServer { get; } = new();

    public MemoryStream ToClient { get; } = new();

    /// <summary>What passed the gate or was stopped by it, in order: the statements' texts.</summary>
    public List<string> AtGate { get; } = [];

    public List<string> PassedAtOnce { get; } = [];

    public bool Approves { get; set; }

    /// <summary>The most rows for which the gate approves.</summary>
    public long? MaxRows { get; set; }

    /// <summary>What is said to a result that passed its limit; null: nothing yet.</summary>
    public Action<ServerDirection>? AtLimit { get; set; }

    public RelayNeed ClientNeed { get; private set; }

    public ClientWait Wait => ClientNeed == RelayNeed.Answer ? Core.Client.Admission.Wait : ClientWait.Nothing;

    public int Unread => _fromClient.Length + _fromServer.Length;

    /// <summary>The types of the messages that the server got.</summary>
    public string ServerSaw => Types(ToServer.ToArray());

    /// <summary>The types of the messages that the client got.</summary>
    public string ClientSaw => Types(ToClient.ToArray());

    public RelayBench Client(params byte[][] messages) => Feed(messages, ref _fromClient, StepClient);

    public RelayBench Server(params byte[][] messages) => Feed(messages, ref _fromServer, StepServer);

    /// <summary>Feeds the bytes in pieces of a receive's size.</summary>
    /// <returns>How many of them the core left unread.</returns>
    public int ServerUnread(byte[] bytes)
    {
        Server([.. bytes.Chunk(4096)]);
        return _fromServer.Length;
    }

    void IStatementLog.Passed(PreparedStatement statement, Judgement judgement) => PassedAtOnce.Add(Encoding.UTF8.GetString(statement.Text));

    void IStatementLog.BatchEnded()
    {
    }

    void IStatementLog.KeyReceived(int processId, ReadOnlySpan<byte> key)
    {
    }

    /// <summary>What was found, as "rule DETECTOR count".</summary>
    public List<string> Detections { get; } = [];

    void IDetectionStatistics.CountDetections(string rule, Detector detector, int count) => Detections.Add($"{rule} {DetectorNames.Of(detector)} {count}");

    void IMaskStatistics.CountMaskedValues(string rule, int count)
    {
    }

    private static string Types(byte[] stream)
    {
        var types = new StringBuilder();
        for (var at = 0; at < stream.Length; at += 1 + System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(stream.AsSpan(at + 1)))
            types.Append((char)stream[at]);
        return types.ToString();
    }

    private RelayBench Feed(byte[][] messages, ref byte[] unread, Action step)
    {
        foreach (var message in messages)
        {
            // A new array each time: a core that keeps a place in the old one is found out.
            unread = [.. unread, .. message];
            step();
        }
        return this;
    }

    private void StepServer()
    {
        while (Take(ref _fromServer, Core.FromServer, ToClient) is var step && step.Need is RelayNeed.Flush or RelayNeed.Answer)
        {
            if (Core.Server.Paused is not null)
            {
                if (AtLimit is null)
                    break;
                AtLimit(Core.Server);
            }
            else if (step.Need == RelayNeed.Answer)
                Core.Server.Plans.CatalogWasAsked(Catalog);
        }
        if (ClientNeed == RelayNeed.Answer)
            StepClient();
    }

    private void StepClient()
    {
        while (true)
        {
            ClientNeed = Take(ref _fromClient, Core.FromClient, ToServer).Need;
            if (ClientNeed == RelayNeed.Flush)
                continue;
            if (ClientNeed != RelayNeed.Answer)
                return;
            switch (Core.Client.Admission.Wait)
            {
                case ClientWait.Gate:
                    PassGate(Core.Client.Admission.AtGate!);
                    break;
                case ClientWait.Catalog:
                    Core.Client.Admission.Asked = Catalog;
                    break;
                default:
                    if (Core.State.IsSettled || Core.State.CopyIn)
                        break;
                    return;
            }
        }
    }

    private void PassGate(StatementAtGate statement)
    {
        AtGate.Add(statement.Statement.MaskedText ?? Encoding.UTF8.GetString(statement.Statement.Text));
        if (Approves)
        {
            (statement.IsAdmitted, statement.MaxRows, statement.Limit) = (true, MaxRows, null);
            return;
        }
        var refusal = new ArrayBufferWriter<byte>();
        ErrorResponseWriter.WriteError(refusal, "42501", "denied", "", "");
        (statement.Refusal, statement.RequestId) = (refusal.WrittenSpan.ToArray(), "R1");
    }

    private delegate RelayStep RelayFunction(Span<byte> input, RelayOutput output);

    private RelayStep Take(ref byte[] unread, RelayFunction core, MemoryStream target)
    {
        var step = core(unread, _output);
        var gathered = new byte[_output.Length];
        (int Piece, int Offset) position = default;
        _output.Gather(unread, gathered, ref position);
        target.Write(gathered);
        _output.Clear();
        unread = unread[step.Consumed..];
        return step;
    }
}
