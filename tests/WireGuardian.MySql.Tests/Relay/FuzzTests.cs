using WireGuardian.Core.Policies;
using WireGuardian.Core.Statements;
using WireGuardian.MySql.Framing;
using WireGuardian.MySql.Packets;
using WireGuardian.Proxy;
using WireGuardian.Proxy.Relay;
using static WireGuardian.MySql.Tests.Relay.ServerPacket;

namespace WireGuardian.MySql.Tests.Relay;

/// <summary>Sessions of words that mean something, in any order, cut and damaged: they give progress or a ProtocolException, never anything else.</summary>
public sealed class FuzzTests
{
    private static readonly byte[][] ClientWords =
    [
        Query("SELECT ssn FROM people"), Query("SELECT 1; SELECT id, ssn FROM people"), Query("DROP TABLE t"), Query(""), Query("USE x"), Query("SET sql_mode=''"), Query("CALL p()"),
        Query("LOAD DATA LOCAL INFILE 'x' INTO TABLE t"), Query("SELECT \"a\\\""), Query("PREPARE p FROM 'SELECT ssn FROM people'"), Query("EXECUTE p"), Query("KILL 5"),
        Send(Command.StatementPrepare, [.. "SELECT ssn FROM people"u8]), Statement(Command.StatementExecute, 1, 0, 1, 0, 0, 0), Statement(Command.StatementExecute, PreparedId, 1, 1, 0, 0, 0),
        Statement(Command.StatementFetch, 1, 2, 0, 0, 0), Statement(Command.StatementClose, 1), Statement(Command.StatementReset, 1), Statement(Command.StatementSendLongData, 1, 0, 0, 5, 6),
        Send(Command.Ping), Send(Command.InitDb, [.. "shop"u8]), Send(Command.ResetConnection), Send(Command.Statistics), Send(Command.FieldList, [.. "t\0"u8]),
        Send(Command.SetOption, 0, 0), Send(Command.ProcessKill, 5, 0, 0, 0), Send(Command.BinlogDump, 0, 0), Send(Command.ChangeUser, [.. "bob\0"u8, 0, .. "x\0"u8]),
        Send(Command.ChangeUser), Framed([], 0), Framed([0x77], 0), Framed([1, 2, 3], 2),
    ];

    private static readonly byte[][] ServerWords =
    [
        Ok(1), Ok(1, StatusFlags.MoreResultsExist), Eof(1), End(1), Eof(1, StatusFlags.CursorExists), Error(1, 1062, "Duplicate entry 'x' for key 'y'"), Count(1, 1), Count(1, 3),
        Column(2, "people", "ssn"), Column(2, "people", "id", ColumnType.Long, 63), Column(2, "", "x", ColumnType.DateTime, 63), TextRow(3, "secret"), TextRow(3, "a", null, "b"), TextRow(3, (string?)null),
        BinaryRow(3, Text("secret")), BinaryRow(3, [1, 0, 0, 0]), BinaryRow(3, null, Text("x"), [0]), Prepared(1, 1, 1, 0), Prepared(1, 1, 0, 2), Framed([0xFB, (byte)'x'], 1), Framed([0xFE, .. "plugin\0nonce"u8], 1),
        Framed([1, 3], 1), Framed([1, 4], 1), Framed([], 1), Framed([.. "Uptime: 1"u8], 1), Framed([0, 0, 0, 2, 0x40, 0, 0, 0, 5, 1, 3, 2, (byte)'d', (byte)'b'], 1),
    ];

    private static readonly ApprovalRule OneRow = new() { Name = "reads", Kinds = (StatementKinds)~0, Action = RuleAction.Allow, MaxRows = 1 };

    private const uint PreparedId = WireGuardian.MySql.Relay.PreparedTable.LastPrepared;

    [Test]
    public void Any_bytes_give_progress_or_a_ProtocolException([Range(1, 8)] int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 300; round++)
        {
            var capabilities = RelayBench.Usual;
            if (random.Next(2) == 0)
                capabilities |= CapabilityFlags.DeprecateEof;
            if (random.Next(2) == 0)
                capabilities |= CapabilityFlags.SessionTrack;
            if (random.Next(3) == 0)
                capabilities |= CapabilityFlags.QueryAttributes;
            var turns = Turns(random);
            try
            {
                var atLimit = random.Next(3);
                using var relay = new RelayBench(
                    rules: random.Next(4) > 0, capabilities, localInfile: random.Next(2) == 0, compressed: random.Next(2) == 0, limiting: random.Next(2) == 0 ? [OneRow] : [])
                {
                    Approves = random.Next(2) == 0,
                    AtLimit = server =>
                    {
                        if (atLimit == 0)
                            server.GoOn("R1", null);
                        else
                            server.EndResult([0xFF, 0x76, 0x04, .. "#42000over the limit"u8], isToldToStop: atLimit == 1);
                    },
                };
                Play(relay, turns);
            }
            catch (Exception exception)
            {
                Assert.Fail($"seed {seed}, round {round}: {exception}");
            }
        }
    }

    private static void Play(RelayBench relay, List<(bool Client, byte[] Bytes)> turns)
    {
        try
        {
            foreach (var (client, bytes) in turns)
            {
                if (relay.ClientNeed == RelayNeed.End || relay.ServerNeed == RelayNeed.End)
                    break;
                _ = client ? relay.Client(bytes) : relay.Server(bytes);
                if (relay.Unread > 64 << 10)
                    throw new InvalidOperationException($"{relay.Unread} bytes are kept unread");
            }
        }
        catch (ProtocolException)
        {
            // The session ends with an error in the protocol.
        }
    }

    private static List<(bool, byte[])> Turns(Random random)
    {
        var turns = new List<(bool, byte[])>();
        for (var turn = random.Next(1, 40); turn > 0; turn--)
        {
            var client = random.Next(2) == 0;
            var words = client ? ClientWords : ServerWords;
            byte[] bytes = [.. Enumerable.Range(0, random.Next(1, 5)).SelectMany(_ => words[random.Next(words.Length)])];
            if (random.Next(6) == 0)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            if (random.Next(40) == 0)
                random.NextBytes(bytes);
            var cut = random.Next(bytes.Length + 1);
            turns.Add((client, bytes[..cut]));
            if (random.Next(10) > 0)
                turns.Add((client, bytes[cut..]));
        }
        return turns;
    }
}
