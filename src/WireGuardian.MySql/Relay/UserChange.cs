using System.Buffers;
using WireGuardian.MySql.Authentication;
using WireGuardian.MySql.Packets;
using WireGuardian.MySql.Startup;
using WireGuardian.Proxy;
using WireGuardian.Proxy.Relay;

namespace WireGuardian.MySql.Relay;

/// <summary>
/// A COM_CHANGE_USER under way. Where one leg is TLS and the other is not, packets can be answered by the proxy itself, so each leg's are numbered on their own.
/// </summary>
/// <param name="exchange">What says where each packet goes.</param>
/// <param name="identity">Who the client says it is from now on.</param>
/// <param name="clientSequence">Number of the next packet to the client.</param>
public sealed class UserChange(AuthenticationExchange exchange, ClientIdentity identity, byte clientSequence)
{
    private byte _clientSequence = clientSequence;
    private byte _serverSequence;

    public ClientIdentity Identity => identity;

    /// <summary>Who speaks next.</summary>
    public Speaker Next { get; private set; } = Speaker.Server;

    /// <summary>The scramble in force, for a later one.</summary>
    public byte[] Nonce => exchange.Nonce;

    /// <summary>A payload for the server that came of one of its own packets.</summary>
    public byte[]? ToServer { get; private set; }

    /// <summary>A packet for the client that came of one of its own.</summary>
    public byte[]? ToClient { get; set; }

    /// <summary>Sends a payload to the server.</summary>
    public void Send(ReadOnlySpan<byte> payload, IBufferWriter<byte> toServer) => _serverSequence = toServer.WritePacket(payload, _serverSequence);

    /// <summary>Sends what waits for the server.</summary>
    public void SendWaiting(IBufferWriter<byte> toServer)
    {
        if (ToServer is null)
            return;
        Send(ToServer, toServer);
        ToServer = null;
    }

    /// <summary>The client's next packet.</summary>
    public void TakeFromClient(PacketHeader header, ReadOnlySpan<byte> payload, IBufferWriter<byte> toServer)
    {
        _clientSequence = (byte)(header.Sequence + 1);
        var step = Try(exchange.FromClient, payload);
        Next = step.Next;
        if (step.ToServer)
        {
            Send(step.Payload, toServer);
            return;
        }
        var packet = new ArrayBufferWriter<byte>();
        _clientSequence = packet.WritePacket(step.Payload, _clientSequence);
        ToClient = packet.WrittenSpan.ToArray();
    }

    /// <summary>The server's next packet.</summary>
    public void TakeFromServer(PacketHeader header, ReadOnlySpan<byte> payload, RelayOutput toClient)
    {
        _serverSequence = (byte)(header.Sequence + 1);
        var step = Try(exchange.FromServer, payload);
        Next = step.Next;
        if (step.ToServer)
            ToServer = step.Payload;
        else
            _clientSequence = toClient.WritePacket(step.Payload, _clientSequence);
    }

    private static AuthenticationStep Try(Func<byte[], AuthenticationStep> take, ReadOnlySpan<byte> payload)
    {
        try
        {
            return take(payload.ToArray());
        }
        catch (LoginRefusedException refused)
        {
            throw new ProtocolException(ProtocolFault.Client, refused.Error.Message, refused);
        }
    }
}
