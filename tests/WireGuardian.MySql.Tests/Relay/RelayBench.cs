using System.Text;
using WireGuardian.Core.Detection;
using WireGuardian.Core.Identity;
using WireGuardian.Core.Masking;
using WireGuardian.Core.Policies;
using WireGuardian.Core.Statements;
using WireGuardian.MySql.Authentication;
using WireGuardian.MySql.Packets;
using WireGuardian.MySql.Relay;
using WireGuardian.Proxy.Limits;
using WireGuardian.Proxy.Relay;
using WireGuardian.Sql.MySql;

namespace WireGuardian.MySql.Tests.Relay;

/// <summary>
/// A relay core with a driver that has no sockets: bytes are fed in pieces, what comes out is kept. DDL and DELETE are held, and the gate's answer is
/// refusal unless the test says otherwise.
/// </summary>
internal sealed class RelayBench : IStatementLog, IDisposable
{
    public const CapabilityFlags Usual = CapabilityFlags.Protocol41 | CapabilityFlags.MultiStatements | CapabilityFlags.MultiResults | CapabilityFlags.PluginAuthentication;

    private readonly RelayOutput _output = new();
    private readonly PasswordKey _key = new();
    private byte[] _fromClient = [];
    private byte[] _fromServer = [];

    public RelayBench(
        bool rules = true, CapabilityFlags capabilities = Usual, bool localInfile = false, MaskKind mask = MaskKind.Redact, LimitOptions? limits = null,
        bool compressed = false, bool masking = true, IReadOnlyList<DetectionRule>? detection = null, params ApprovalRule[] limiting)
    {
        Catalog = new(mask) { Masks = masking };
        var policy = new Policy
        {
            Masking = rules && masking ? [Catalog.Rule] : [],
            Detection = detection ?? [],
            Approvals = [.. limiting, .. rules ? [new() { Name = "dangerous", Kinds = StatementKinds.Ddl | StatementKinds.Delete, Action = RuleAction.Hold }] : (ApprovalRule[])[]],
        };
        Policies = new(policy);
        var version = new MySqlServerVersion(MySqlFlavour.MariaDb, 101119);
        var context = new SessionContext(
            "app", Policies, rules ? Catalog : null, new MaskKey("0123456789abcdef"u8), capabilities, version, 45, localInfile, default, _key);
        var options = limits ?? new LimitOptions();
        var state = new RelayState(new Principal("alice", [], "127.0.0.1", ""), "shop", MySqlSqlSettings.For(version), StatusFlags.AutoCommit, options.MaxPreparedStatements)
        {
            KnowsSettings = true,
            IsFresh = false,
            Nonce = new byte[20],
            ClientNumbers = compressed ? new() : null,
        };
        Core = new MySqlRelay(state, context, options, this);
    }

    public MySqlRelay Core { get; }

    public FakeCatalog Catalog { get; }

    public PolicySource Policies { get; }

    public MemoryStream ToServer { get; } = new();

    public MemoryStream ToClient { get; } = new();

    /// <summary>Texts that stood at the gate, in order.</summary>
    public List<string> AtGate { get; } = [];

    /// <summary>What was said of them.</summary>
    public List<Verdict> Verdicts { get; } = [];

    public List<string> PassedAtOnce { get; } = [];

    public List<ulong> KilledConnections { get; } = [];

    public List<string> Users { get; } = [];

    /// <summary>Rule, detector and number, as reported.</summary>
    public List<string> Detections { get; } = [];

    public bool Approves { get; set; }

    /// <summary>With <see cref="Approves"/>: for at most so many rows.</summary>
    public long? MaxRows { get; init; }

    /// <summary>What becomes of a result that waits at its limit; null where nobody decides.</summary>
    public Action<ServerDirection>? AtLimit { get; set; }

    /// <summary>False where nobody decides.</summary>
    public bool IsAsked { get; init; } = true;

    public RelayNeed ClientNeed { get; private set; }

    public RelayNeed ServerNeed { get; private set; }

    public ClientWait Wait => ClientNeed == RelayNeed.Answer ? Core.Client.Admission.Wait : ClientWait.Nothing;

    public int Unread => _fromClient.Length + _fromServer.Length;

    /// <summary>The commands that the server got.</summary>
    public string ServerSaw => string.Join(' ', ServerPacket.Read(ToServer.ToArray()).Select(packet => packet.Payload.Length == 0 ? "-" : ((Command)packet.Payload[0]).ToString()));

    /// <summary>What the client got.</summary>
    public IReadOnlyList<(byte Sequence, byte[] Payload)> ClientSaw => ServerPacket.Read(ToClient.ToArray());

    public RelayBench Client(params byte[][] pieces) => Feed(pieces, ref _fromClient, StepClient);

    public RelayBench Server(params byte[][] pieces) => Feed(pieces, ref _fromServer, StepServer);

    public void Dispose()
    {
        Core.State.End();
        _key.Dispose();
    }

    void IStatementLog.Passed(SessionStatement statement, Judgement judgement) => PassedAtOnce.Add(Encoding.UTF8.GetString(statement.Text));

    void IStatementLog.Answered()
    {
    }

    void IStatementLog.Killed(ulong connectionId) => KilledConnections.Add(connectionId);

    void IStatementLog.UserChanged(ClientIdentity identity) => Users.Add(identity.User);

    void IStatementLog.CountMaskedValues(string rule, int count)
    {
    }

    void IDetectionStatistics.CountDetections(string rule, Detector detector, int count) => Detections.Add($"{rule} {DetectorNames.Of(detector)} {count}");

    private RelayBench Feed(byte[][] pieces, ref byte[] unread, Action step)
    {
        foreach (var piece in pieces)
        {
            // A new array each time: a core that keeps a place in the old one is found out.
            unread = [.. unread, .. piece];
            step();
        }
        return this;
    }

    private void StepServer()
    {
        while (true)
        {
            ServerNeed = Take(ref _fromServer, Core.FromServer, ToClient);
            if (ServerNeed == RelayNeed.Answer && Core.Server.Paused is not null)
            {
                if (AtLimit is null)
                    break;
                AtLimit(Core.Server);
            }
            else if (ServerNeed == RelayNeed.Answer)
            {
                Core.Server.Plans.CatalogWasAsked(Catalog);
            }
            else if (ServerNeed != RelayNeed.Flush)
            {
                break;
            }
        }
        if (ClientNeed == RelayNeed.Answer)
            StepClient();
    }

    private void StepClient()
    {
        while (true)
        {
            ClientNeed = Take(ref _fromClient, Core.FromClient, ToServer);
            if (ClientNeed is RelayNeed.Bytes or RelayNeed.End || (ClientNeed == RelayNeed.Answer && !TryAnswer()))
                return;
        }
    }

    private bool TryAnswer()
    {
        var admission = Core.Client.Admission;
        switch (admission.Wait)
        {
            case ClientWait.Gate when !IsAsked:
                return false;
            case ClientWait.Gate:
                AtGate.Add(Encoding.UTF8.GetString(admission.AtGate!.Statement.Text));
                Verdicts.Add(admission.AtGate.Judgement!.Verdict);
                if (Approves)
                    (admission.AtGate.IsAdmitted, admission.AtGate.MaxRows) = (true, MaxRows);
                else
                    admission.AtGate.Refusal = [0xFF, 0x76, 0x04, .. "#42000denied"u8];
                return true;
            case ClientWait.Catalog:
                admission.AskedView = Catalog;
                return true;
            case ClientWait.Refusal:
                ToClient.Write(Refusals.ToPacket(admission.AtGate!.Refusal!, admission.AtGate.AnswerSequence));
                admission.AtGate.IsRefusalSent = true;
                return true;
            case ClientWait.LoginReply:
                return Core.State.UserChange is not { Next: Speaker.Server, ToServer: null };
            case ClientWait.LoginAnswer:
                ToClient.Write(Core.State.UserChange!.ToClient);
                Core.State.UserChange.ToClient = null;
                return true;
            default:
                return Core.State.IsSettled || Core.State.Phase == ClientPhase.File;
        }
    }

    private delegate RelayStep RelayFunction(Span<byte> input, RelayOutput output);

    private RelayNeed Take(ref byte[] unread, RelayFunction core, MemoryStream target)
    {
        var step = core(unread, _output);
        var gathered = new byte[_output.Length];
        (int Piece, int Offset) position = default;
        _output.Gather(unread, gathered, ref position);
        target.Write(gathered);
        _output.Clear();
        unread = unread[step.Consumed..];
        return step.Need;
    }
}
