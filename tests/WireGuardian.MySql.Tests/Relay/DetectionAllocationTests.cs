using WireGuardian.Core.Policies;
using WireGuardian.MySql.Framing;
using WireGuardian.MySql.Packets;
using WireGuardian.Proxy.Relay;
using static WireGuardian.MySql.Tests.Relay.ServerPacket;

namespace WireGuardian.MySql.Tests.Relay;

/// <summary>Looking into rows allocates nothing, whether something is found or not.</summary>
public sealed class DetectionAllocationTests
{
    private const int Rows = 200;

    [Test]
    public void Rows_that_are_looked_into_allocate_nothing([Values] bool binary, [Values] DetectionMaskKind mask, [Values((ushort)45, (ushort)54)] ushort characterSet)
    {
        using var relay = new RelayBench(masking: false, detection: [new DetectionRule { Name = "all", Mask = mask }]);
        if (binary)
            relay.Client(Send(Command.StatementPrepare, [.. "SELECT a, b FROM notes"u8])).Server(Prepared(1, 7, 0, 0)).Client(Statement(Command.StatementExecute, 7, 0, 1, 0, 0, 0));
        else
            relay.Client(Query("SELECT a, b FROM notes"));
        relay.Server(Count(1, 2), Column(2, "notes", "a", characterSet: characterSet), Column(3, "notes", "b", ColumnType.Json, 63), Eof(4));
        string[] texts = ["write to ada@quetzal.example or 4111 1111 1111 1111, please", """{"mail": "ada@quetzal.example", "n": [1, 2]}"""];
        var row = binary ? BinaryRow(5, Text(texts[0]), Text(texts[1])) : TextRow(5, texts);
        var clean = binary ? BinaryRow(6, Text("nothing in it"), null) : TextRow(6, "nothing in it", null);
        byte[] rows = [.. Enumerable.Repeat((byte[])[.. row, .. clean], Rows).SelectMany(bytes => bytes)];
        var (input, output) = (new byte[rows.Length], new RelayOutput());
        long Allocated()
        {
            rows.CopyTo(input, 0);
            var before = GC.GetAllocatedBytesForCurrentThread();
            var step = relay.Core.FromServer(input, output);
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.That(step.Consumed, Is.EqualTo(rows.Length));
            output.Clear();
            relay.Detections.Clear();
            return allocated;
        }

        Allocated();
        Allocated();
        // What the bench itself keeps of the counts is not the relay's.
        Assert.That(Allocated(), Is.LessThan(Rows * 10));
    }
}
