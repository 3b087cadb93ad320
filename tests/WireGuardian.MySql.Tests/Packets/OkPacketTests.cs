using System.Buffers;
using WireGuardian.MySql.Packets;

namespace WireGuardian.MySql.Tests.Packets;

public sealed class OkPacketTests
{
    private const CapabilityFlags Tracking = CapabilityFlags.Protocol41 | CapabilityFlags.SessionTrack;

    [TestCase(CapabilityFlags.Protocol41)]
    [TestCase(Tracking)]
    public void What_was_written_is_read(CapabilityFlags capabilities)
    {
        var output = new ArrayBufferWriter<byte>();
        new OkPacket
        {
            Marker = PacketMarkers.Eof,
            AffectedRows = 300,
            LastInsertId = ulong.MaxValue,
            Status = StatusFlags.AutoCommit | StatusFlags.SessionStateChanged,
            Warnings = 7,
            Info = "Rows matched: 1"u8,
            SessionState = [1, 2, 1, 100],
        }.Write(output, capabilities);
        Assert.That(ParserCases.Ok(output.WrittenSpan.ToArray(), capabilities),
            Is.EqualTo($"FE 300 18446744073709551615 16386 7 Rows matched: 1 {(capabilities == Tracking ? "01020164" : "-")}"));
    }

    /// <summary>Checklist: session state change without data.</summary>
    [Test]
    public void A_session_state_change_without_data_is_read()
    {
        Assert.That(ParserCases.Ok([0, 0, 0, 2, 0x40, 0, 0], Tracking), Is.EqualTo("00 0 0 16386 0  -"));
        Assert.That(ParserCases.Ok([0, 0, 0, 2, 0x40, 0, 0, 0], Tracking), Is.EqualTo("00 0 0 16386 0  -"));
    }

    /// <summary>Checklist: SESSION_TRACK: skip unknown types.</summary>
    [Test]
    public void Unknown_types_of_session_state_are_passed_over()
    {
        var changes = new SessionStateReader([99, 3, 1, 2, 3, 1, 2, 1, (byte)'d']);
        Assert.That(changes.MoveNext() && (int)changes.Type == 99);
        Assert.That(changes.MoveNext() && changes.Type == SessionStateType.Schema && changes.Data.SequenceEqual("\u0001d"u8));
        Assert.That(changes.MoveNext(), Is.False);
        Assert.That(changes.IsBroken, Is.False);
    }
}
