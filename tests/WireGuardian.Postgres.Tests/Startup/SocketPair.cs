using System.Net;
using System.Net.Sockets;
using WireGuardian.Testing.Wire;

namespace WireGuardian.Postgres.Tests.Startup;

/// <summary>A client and the socket that a listener accepted from it.</summary>
internal static class SocketPair
{
    public static async Task<(WireClient Client, Socket Accepted)> ConnectAsync()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        var accepting = listener.AcceptAsync();
        var client = await WireClient.ConnectAsync(((IPEndPoint)listener.LocalEndPoint!).Port);
        return (client, await accepting);
    }
}
