using WireGuardian.Core.Masking;
using WireGuardian.MySql.Framing;
using WireGuardian.MySql.Packets;
using WireGuardian.Testing.Wire;
using static WireGuardian.MySql.Tests.Relay.ServerPacket;

namespace WireGuardian.MySql.Tests.Relay;

/// <summary>What comes out must not depend on where the network cuts.</summary>
public sealed class SplitTests
{
    private static readonly byte[] FromClient =
    [
        .. Query("SELECT id, ssn FROM people; DELETE FROM orders"), .. Send(Command.Ping), .. Send(Command.StatementPrepare, [.. "SELECT ssn FROM people"u8]),
        .. Statement(Command.StatementSendLongData, 1, [0, 0, 1, 2, 3]), .. Statement(Command.StatementExecute, 1, 0, 1, 0, 0, 0), .. Send(Command.InitDb, [.. "shop"u8]),
        .. Framed([0x7F], 0), .. Send(Command.Quit),
    ];

    private static readonly byte[] FromServer =
    [
        .. Count(1, 2), .. Column(2, "people", "id", ColumnType.Long, 63), .. Column(3, "people", "ssn"), .. Eof(4), .. TextRow(5, "1", "secret"), .. TextRow(6, null, null),
        .. TextRow(7, "3", new string('s', 300)), .. Eof(8, StatusFlags.MoreResultsExist), .. Ok(9, StatusFlags.MoreResultsExist), .. Error(10, 1062, "Duplicate entry 'secret' for key 'ssn'"),
    ];

    [Test]
    public void The_clients_bytes_may_be_cut_anywhere() => ByteSplitter.AssertSame(FromClient, pieces =>
    {
        using var relay = new RelayBench(rules: false);
        relay.Client([.. pieces]);
        return Convert.ToHexString(relay.ToServer.ToArray());
    });

    [Test]
    public void The_servers_bytes_may_be_cut_anywhere([Values(MaskKind.Redact, MaskKind.Token, MaskKind.Null)] MaskKind mask) => ByteSplitter.AssertSame(FromServer, pieces =>
    {
        using var relay = new RelayBench(mask: mask) { Approves = true };
        relay.Client(Query("SELECT id, ssn FROM people; DELETE FROM orders; INSERT INTO people (ssn) VALUES ('x')"));
        relay.Server([.. pieces]);
        Assert.That(relay.Core.State.IsSettled);
        return Convert.ToHexString(relay.ToClient.ToArray());
    });
}
