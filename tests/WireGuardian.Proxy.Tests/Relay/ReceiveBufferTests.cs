using System.Text;
using WireGuardian.Proxy.Relay;

namespace WireGuardian.Proxy.Tests.Relay;

public sealed class ReceiveBufferTests
{
    [Test]
    public void What_was_received_is_there_until_it_is_consumed_however_the_buffer_grows()
    {
        using var buffer = new ReceiveBuffer();
        var random = new Random(1);
        byte next = 0, expected = 0;
        for (var round = 0; round < 2000; round++)
        {
            buffer.MakeRoom(random.Next(4) == 0 ? random.Next(100_000) : 0);
            var count = Math.Min(random.Next(1, 9000), buffer.Free.Length);
            for (var index = 0; index < count; index++)
                buffer.Free.Span[index] = next++;
            buffer.Received(count);
            var taken = random.Next(buffer.Unread.Length + 1);
            foreach (var value in buffer.Unread[..taken])
                Assert.That(value, Is.EqualTo(expected++));
            buffer.Consume(taken);
        }
    }

    [Test]
    public void It_makes_the_room_that_a_message_wants_and_gives_it_back_when_quiet()
    {
        using var buffer = new ReceiveBuffer();
        Assert.That(buffer.Capacity, Is.EqualTo(ReceiveBuffer.QuietSize));
        buffer.MakeRoom(1_000_000);
        Assert.That(buffer.Free.Length, Is.GreaterThanOrEqualTo(1_000_000));
        for (var receive = 0; receive < 20; receive++)
        {
            buffer.MakeRoom(0);
            buffer.Received(10);
            buffer.Consume(10);
        }
        Assert.That(buffer.Capacity, Is.EqualTo(ReceiveBuffer.QuietSize));
    }

    [Test]
    public void Old_bytes_never_reach_another_session()
    {
        // The shared pool hands an array back to the thread that returned it: with it comes what is in it.
        for (var round = 0; round < 50; round++)
        {
            using (var first = new ReceiveBuffer())
            {
                first.MakeRoom(ReceiveBuffer.StreamingSize);
                Encoding.ASCII.GetBytes("secret of the first session").CopyTo(first.Free.Span);
                first.Received(30);
                first.Consume(30);
            }
            using var second = new ReceiveBuffer();
            second.MakeRoom(ReceiveBuffer.StreamingSize);
            Assert.That(second.Free.Span.IndexOf("secret"u8), Is.EqualTo(-1));
        }
    }

    [Test]
    public void Bytes_read_before_the_relay_began_come_first()
    {
        using var buffer = new ReceiveBuffer();
        buffer.Prime(new byte[10_000]);
        Assert.That(buffer.Unread.Length, Is.EqualTo(10_000));
    }
}
