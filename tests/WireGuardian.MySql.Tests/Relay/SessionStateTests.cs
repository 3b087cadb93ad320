using System.Text;
using WireGuardian.MySql.Packets;
using WireGuardian.Testing.MySql;
using static WireGuardian.MySql.Tests.Relay.ServerPacket;

namespace WireGuardian.MySql.Tests.Relay;

/// <summary>Checklist: SESSION_TRACK is useful for schema and character set. What the server tells behind a statement holds, whatever that statement looked like.</summary>
public sealed class SessionStateTests
{
    private const CapabilityFlags Tracking = RelayBench.Usual | CapabilityFlags.SessionTrack;
    private const string Question = "SELECT @@session.sql_mode";

    [Test]
    public void The_database_that_the_server_tells_is_the_sessions()
    {
        using var relay = new RelayBench(capabilities: Tracking);
        relay.Client(Query("UPDATE orders SET a = 1")).Server(OkTelling(SessionStateType.Schema, "archive"));
        Assert.That(relay.Core.State.Database, Is.EqualTo("archive"));
        Assert.That(relay.Core.State.DatabaseIsUncertain, Is.False);
    }

    [Test]
    public void The_settings_are_asked_for_once_the_server_tells_that_a_variable_changed([Values] bool tells)
    {
        using var relay = new RelayBench(capabilities: Tracking);
        relay.Client(Query("UPDATE orders SET a = 1")).Server(tells ? OkTelling(SessionStateType.SystemVariables, "sql_mode", "ANSI_QUOTES") : Ok(1));
        relay.Client(Query("SELECT \"ssn\" FROM people"));
        Assert.That(Encoding.ASCII.GetString(relay.ToServer.ToArray()).Contains(Question, StringComparison.Ordinal), Is.EqualTo(tells));
    }

    private static byte[] OkTelling(SessionStateType type, params string[] texts)
    {
        byte[] data = [.. texts.SelectMany(MySqlMessage.LengthEncoded)];
        byte[] state = [(byte)type, (byte)data.Length, .. data];
        return Framed([0, 0, 0, 2, 0x40, 0, 0, 0, (byte)state.Length, .. state], 1);
    }
}
