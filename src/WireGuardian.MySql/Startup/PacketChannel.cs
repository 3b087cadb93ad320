using System.Buffers;
using WireGuardian.MySql.Packets;
using WireGuardian.Proxy;
using WireGuardian.Proxy.Transport;

namespace WireGuardian.MySql.Startup;

/// <summary>Packets in and out of one leg, one side at a time, with the sequence number that both sides count.</summary>
/// <param name="leg">Owned by the channel.</param>
/// <param name="otherSide">Whose fault broken packets are.</param>
public sealed class PacketChannel(Leg leg, ProtocolFault otherSide) : IAsyncDisposable
{
    private byte _sequence;

    public Leg Leg => leg;

    /// <summary>TLS is up: what is sent can be read by nobody else.</summary>
    public bool IsSecure => leg.Tls is not null;

    /// <summary>
    /// Takes more than a packet where more has come, as many rows do. Off during a login: what comes behind a request for TLS is already TLS, and what
    /// comes behind the login is the relay's.
    /// </summary>
    public bool ReadsAhead { get; set; }

    /// <summary>The next packet is the first of a command.</summary>
    public void StartExchange() => _sequence = 0;

    /// <summary>
    /// The next payload, put together where it was continued; null where the connection ended before its first byte. Throws
    /// <see cref="ProtocolException"/> for a sequence number out of order, more than <paramref name="limit"/> bytes, or an end in the middle.
    /// </summary>
    public async ValueTask<byte[]?> ReadAsync(int limit, CancellationToken cancellationToken)
    {
        byte[] payload = [];
        while (true)
        {
            if (await ReadHeaderAsync(cancellationToken) is not { } header)
                return payload.Length == 0 ? null : throw Broken("the connection ended within a packet");
            if (header.Sequence != _sequence)
                throw Broken("a packet came out of order");
            _sequence++;
            // Looked at before anything is waited for or allocated.
            if (header.Length > limit - payload.Length)
                throw Broken($"a packet of more than {limit} bytes came");
            payload = await ReadPayloadAsync(payload, header.Length, cancellationToken);
            if (!header.IsContinued)
                return payload;
        }
    }

    /// <summary>Sends a payload of any length.</summary>
    public async ValueTask SendAsync(ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        var packets = new ArrayBufferWriter<byte>(checked((int)PacketFraming.FramedLength(payload.Length)));
        _sequence = packets.WritePacket(payload.Span, _sequence);
        await leg.SendAsync(packets.WrittenMemory, cancellationToken);
        await leg.Stream.FlushAsync(cancellationToken);
    }

    public ValueTask DisposeAsync() => leg.DisposeAsync();

    private async ValueTask<PacketHeader?> ReadHeaderAsync(CancellationToken cancellationToken)
    {
        var bytes = await ReadBytesAsync(PacketHeader.Size, cancellationToken);
        if (bytes.Length == 0)
            return null;
        return PacketHeader.TryRead(bytes, out var header) ? header : throw Broken("the connection ended within a packet");
    }

    private async ValueTask<byte[]> ReadPayloadAsync(byte[] before, int length, CancellationToken cancellationToken)
    {
        var bytes = await ReadBytesAsync(length, cancellationToken);
        if (bytes.Length < length)
            throw Broken("the connection ended within a packet");
        return before.Length == 0 ? bytes : [.. before, .. bytes];
    }

    /// <summary>So many bytes, fewer only at the connection's end.</summary>
    private async ValueTask<byte[]> ReadBytesAsync(int count, CancellationToken cancellationToken)
    {
        if (count == 0)
            return [];
        if (!ReadsAhead)
            return await ReadExactlyAsync(count, cancellationToken);
        var read = await leg.Input.ReadAtLeastAsync(count, cancellationToken);
        var bytes = read.Buffer.Slice(0, Math.Min(count, read.Buffer.Length)).ToArray();
        leg.Input.AdvanceTo(read.Buffer.GetPosition(bytes.Length));
        return bytes;
    }

    private async ValueTask<byte[]> ReadExactlyAsync(int count, CancellationToken cancellationToken)
    {
        var bytes = new byte[count];
        var filled = await leg.Stream.ReadAtLeastAsync(bytes, count, throwOnEndOfStream: false, cancellationToken);
        return filled == count ? bytes : bytes[..filled];
    }

    private ProtocolException Broken(string message) => new(otherSide, message);
}
