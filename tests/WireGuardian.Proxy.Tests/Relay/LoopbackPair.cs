using System.Net;
using System.Net.Sockets;

namespace WireGuardian.Proxy.Tests.Relay;

/// <summary>Two ends of one connection on loopback, with small buffers, so that a reader that stops is felt soon.</summary>
internal sealed record LoopbackPair(Socket Near, Socket Far) : IDisposable
{
    public static async Task<LoopbackPair> CreateAsync()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 8192 };
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        var far = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 8192, SendBufferSize = 8192 };
        await far.ConnectAsync(listener.LocalEndPoint!);
        var near = await listener.AcceptAsync();
        near.SendBufferSize = 8192;
        return new(near, far);
    }

    public void Dispose()
    {
        Near.Dispose();
        Far.Dispose();
    }
}
