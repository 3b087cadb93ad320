using System.Buffers;
using WireGuardian.ControlPlane.Grpc;
using WireGuardian.ControlPlane.Grpc.Framing;
using WireGuardian.ControlPlane.V1;

namespace WireGuardian.ControlPlane.Tests.Framing;

public class MessageFrameTests
{
    private const int Limit = 100;
    private static readonly byte[] Frame = MessageFrame.Create(new ApproveRequest { Id = "R7K2", Reason = "ok" }, Limit);

    [Test]
    public void A_frame_is_five_bytes_and_the_message()
        => Assert.That(Frame, Is.EqualTo(new byte[] { 0, 0, 0, 0, 10, 0x0A, 4, (byte)'R', (byte)'7', (byte)'K', (byte)'2', 0x12, 2, (byte)'o', (byte)'k' }));

    [Test]
    public void A_frame_cut_anywhere_asks_for_more([Range(0, 14)] int length)
    {
        var buffer = new ReadOnlySequence<byte>(Frame.AsMemory(0, length));
        Assert.That(MessageFrame.TryRead(ref buffer, Limit, out _), Is.False);
        Assert.That(buffer.Length, Is.EqualTo(length));
    }

    [Test]
    public void A_frame_is_taken_and_the_rest_stays()
    {
        var buffer = new ReadOnlySequence<byte>([.. Frame, 1, 2, 3]);
        Assert.That(MessageFrame.TryRead(ref buffer, Limit, out var message), Is.True);
        Assert.That(ApproveRequest.Parser.ParseFrom(message).Id, Is.EqualTo("R7K2"));
        Assert.That(buffer.ToArray(), Is.EqualTo(new byte[] { 1, 2, 3 }));
    }

    [TestCase(101u)]
    [TestCase(0x7FFFFFFFu)]
    [TestCase(0xFFFFFFFFu)]
    public void A_length_over_the_limit_is_refused_before_the_message_arrives(uint length)
    {
        byte[] header = [0, (byte)(length >> 24), (byte)(length >> 16), (byte)(length >> 8), (byte)length];
        Assert.That(StatusOf(header), Is.EqualTo(StatusCode.ResourceExhausted));
    }

    [TestCase(1)]
    [TestCase(255)]
    public void A_compressed_message_is_refused(byte flag)
        => Assert.That(StatusOf([flag, 0, 0, 0, 0]), Is.EqualTo(StatusCode.Unimplemented));

    [Test]
    public void A_message_over_the_limit_is_not_written()
    {
        var refused = Assert.Throws<RpcException>(() => MessageFrame.Create(new ApproveRequest { Reason = new string('x', Limit) }, Limit));
        Assert.That(refused!.StatusCode, Is.EqualTo(StatusCode.ResourceExhausted));
    }

    private static StatusCode StatusOf(byte[] bytes)
        => Assert.Throws<RpcException>(() =>
        {
            var buffer = new ReadOnlySequence<byte>(bytes);
            MessageFrame.TryRead(ref buffer, Limit, out _);
        })!.StatusCode;
}
