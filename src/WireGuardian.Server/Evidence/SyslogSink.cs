using System.Net;
using System.Net.Sockets;
using WireGuardian.Core.Audit.Evidence;
using WireGuardian.Server.Configuration;

namespace WireGuardian.Server.Evidence;

/// <summary>Sends to syslog. A connection that failed is made anew for the next message; over UDP and a Unix socket nobody says whether it was kept.</summary>
internal sealed class SyslogSink(SyslogOptions options) : ICheckpointSink
{
    private readonly string _host = Dns.GetHostName();
    private Socket? _socket;

    public string Name => "syslog";

    public async Task SendAsync(SignedCheckpoint checkpoint, CancellationToken cancellationToken)
    {
        var message = SyslogMessage.Of(checkpoint, _host);
        try
        {
            _socket ??= await ConnectAsync(cancellationToken);
            await SendAllAsync(_socket, options.Transport == SyslogTransport.Tcp ? SyslogMessage.Counted(message) : message, cancellationToken);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _socket?.Dispose();
        _socket = null;
    }

    private async Task<Socket> ConnectAsync(CancellationToken cancellationToken)
    {
        var socket = options.Transport switch
        {
            SyslogTransport.Unix => new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified),
            SyslogTransport.Udp => new Socket(SocketType.Dgram, ProtocolType.Udp),
            _ => new Socket(SocketType.Stream, ProtocolType.Tcp),
        };
        try
        {
            await socket.ConnectAsync(options.Server ?? (EndPoint)new UnixDomainSocketEndPoint(options.Path), cancellationToken);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static async Task SendAllAsync(Socket socket, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (!bytes.IsEmpty)
            bytes = bytes[await socket.SendAsync(bytes, cancellationToken)..];
    }
}
