using WireGuardian.Core.Policies;
using WireGuardian.Proxy.Relay;
using static WireGuardian.Postgres.Tests.Relay.BackendMessage;
using static WireGuardian.Postgres.Tests.Relay.FakeCatalog;
using static WireGuardian.Testing.Wire.FrontendMessage;

namespace WireGuardian.Postgres.Tests.Relay;

/// <summary>Looking into rows allocates nothing, whether something is found or not.</summary>
public sealed class DetectionAllocationTests
{
    private const int Rows = 200;

    [Test]
    public void Rows_that_are_looked_into_allocate_nothing([Values] DetectionMaskKind mask)
    {
        var relay = new RelayBench(masking: false, holding: false, detection: [new DetectionRule { Name = "all", Mask = mask }]);
        relay.Client(Query("select")).Server(Columns((People, 3), (0, 0)));
        byte[] pair = [.. Row("write to ada@quetzal.example or 4111 1111 1111 1111, please", "10.1.2.3"), .. Row("nothing in it", null)];
        byte[] rows = [.. Enumerable.Repeat(pair, Rows).SelectMany(bytes => bytes)];
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
