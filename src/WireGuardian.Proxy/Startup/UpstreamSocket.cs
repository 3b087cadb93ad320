using System.Net;
using System.Net.Sockets;

namespace WireGuardian.Proxy.Startup;

/// <summary>Connects to a server by name: the first of its addresses that answers.</summary>
public static class UpstreamSocket
{
    /// <summary>Throws <see cref="SocketException"/> where none does.</summary>
    public static async ValueTask<StartupLeg> ConnectAsync(DnsEndPoint server, CancellationToken cancellationToken)
    {
        var addresses = await Dns.GetHostAddressesAsync(server.Host, cancellationToken);
        SocketException? last = null;
        foreach (var address in addresses)
        {
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(new IPEndPoint(address, server.Port), cancellationToken);
                return new StartupLeg(socket);
            }
            catch (Exception exception)
            {
                socket.Dispose();
                if (exception is not SocketException refused)
                    throw;
                last = refused;
            }
        }
        throw last ?? new SocketException((int)SocketError.HostNotFound);
    }
}
