using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace WireGuardian.Testing.MySql;

/// <summary>
/// A MySQL client that does what a test tells it and nothing else: any bytes out, one packet at a time in. Every read has a time limit.
/// </summary>
public sealed class MySqlWireClient : IAsyncDisposable
{
    private readonly TcpClient _tcp;
    private Stream _stream;
    private SslStream? _tls;
    private MySqlCompressedStream? _compressed;

    private MySqlWireClient(TcpClient tcp)
    {
        _tcp = tcp;
        _stream = tcp.GetStream();
    }

    /// <summary>For reads and handshakes; 10 seconds unless a test sets another.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    public Socket Socket => _tcp.Client;

    public SslStream? Tls => _tls;

    /// <summary>Set once it is read.</summary>
    public MySqlGreeting? Greeting { get; private set; }

    /// <summary>Set from the login on where it asked for compression and was offered it.</summary>
    public MySqlCompressedStream? Compressed => _compressed;

    /// <summary>The packet that it came in, or the ERR packet in its place.</summary>
    public MySqlPacket? FirstPacket { get; private set; }

    /// <summary>What the client has asked for of what it was offered.</summary>
    public uint Capabilities { get; private set; }

    /// <summary>The number of the next packet; a read sets it, and so does the start of a command.</summary>
    public byte Sequence { get; set; }

    /// <summary>Every packet of the login that came after the greeting.</summary>
    public IReadOnlyList<MySqlPacket> LoginPackets { get; private set; } = [];

    public static async Task<MySqlWireClient> ConnectAsync(int port)
    {
        var tcp = new TcpClient { NoDelay = true };
        await tcp.ConnectAsync(IPAddress.Loopback, port).WaitAsync(TimeSpan.FromSeconds(10));
        return new MySqlWireClient(tcp);
    }

    /// <summary>Connects and logs in, in clear: what most tests start with.</summary>
    public static Task<MySqlWireClient> LogInAsync(int port, MySqlAccount account, string database = "") => LogInAsync(port, new MySqlLogin(account, database));

    /// <exception cref="InvalidOperationException">The server answered with an ERR packet.</exception>
    public static async Task<MySqlWireClient> LogInAsync(int port, MySqlLogin login)
    {
        var client = await ConnectAsync(port);
        try
        {
            var last = await client.TryLogInAsync(login);
            return last.IsOk ? client : throw new InvalidOperationException($"login refused: {last}");
        }
        catch
        {
            await client.DisposeAsync();
            throw;
        }
    }

    /// <summary>Reads the greeting and logs in; gives the OK or ERR packet that ends it.</summary>
    public async Task<MySqlPacket> TryLogInAsync(MySqlLogin login)
    {
        if (await ReadGreetingAsync() is { IsError: true } refused)
            return refused;
        var wanted = login.Capabilities | (login.Database.Length > 0 ? MySqlCapabilities.ConnectWithDb : 0)
            | (login.Attributes.Count > 0 ? MySqlCapabilities.ConnectAttributes : 0);
        Capabilities = wanted & (Greeting!.Capabilities | MySqlCapabilities.LongPassword);
        if (login.Tls)
        {
            Capabilities |= MySqlCapabilities.Ssl;
            await SendPacketAsync(MySqlMessage.TlsRequest(Capabilities, login.MariaDbCapabilities, login.CharacterSet));
            await StartTlsAsync();
        }
        var plugin = login.Plugin ?? Greeting.Plugin;
        await SendPacketAsync(MySqlMessage.Response(
            Capabilities, login.Account.User, MySqlPassword.Answer(plugin, login.Account.Password, Greeting.Scramble, login.Tls), login.Database, plugin,
            login.MariaDbCapabilities, login.CharacterSet, [.. login.Attributes]));
        var last = await AnswerAsync(plugin, Greeting.Scramble, login.Account.Password);
        if (last.IsOk && (Capabilities & MySqlCapabilities.Compress) != 0)
            _stream = _compressed = new MySqlCompressedStream(_stream);
        return last;
    }

    /// <summary>Answers whatever the server asks for after a first answer, and gives the OK or ERR packet that ends it.</summary>
    public async Task<MySqlPacket> AnswerAsync(string plugin, byte[] nonce, string password)
    {
        var packets = new List<MySqlPacket>();
        LoginPackets = packets;
        while (true)
        {
            var packet = await ReadPacketAsync();
            packets.Add(packet);
            switch (packet.Payload)
            {
                case [0x00 or 0xFF, ..]:
                    return packet;
                case [0xFE, .. var request]:
                    var end = Array.IndexOf(request, (byte)0);
                    plugin = Encoding.ASCII.GetString(request, 0, end);
                    nonce = request[(end + 1)..].Length == 21 ? request[(end + 1)..^1] : request[(end + 1)..];
                    await SendPacketAsync(MySqlPassword.Answer(plugin, password, nonce, Tls is not null));
                    break;
                case [0x01, 0x03]:
                    break;
                case [0x01, 0x04]:
                    await SendPacketAsync(Tls is not null ? MySqlPassword.Clear(password) : [2]);
                    break;
                case [0x01, .. var pem]:
                    await SendPacketAsync(MySqlPassword.Sealed(password, nonce, Encoding.ASCII.GetString(pem)));
                    break;
            }
        }
    }

    /// <summary>The server's first packet: a greeting, or an ERR packet.</summary>
    public async Task<MySqlPacket> ReadGreetingAsync()
    {
        var packet = FirstPacket = await ReadPacketAsync();
        if (!packet.IsError)
            Greeting = MySqlGreeting.Parse(packet.Payload);
        return packet;
    }

    /// <summary>Does the TLS handshake, after the request for it.</summary>
    /// <param name="authority">The authority to demand; null takes any certificate.</param>
    public async Task StartTlsAsync(X509Certificate2? authority = null)
    {
        var tls = new SslStream(_stream);
        using var limit = new CancellationTokenSource(Timeout);
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = "localhost",
                RemoteCertificateValidationCallback = (_, certificate, _, _) => authority is null || IsIssuedBy(certificate, authority),
            },
            limit.Token);
        _stream = _tls = tls;
    }

    /// <summary>Sends a payload with the next sequence number.</summary>
    public async Task SendPacketAsync(byte[] payload)
    {
        await SendAsync(MySqlMessage.Framed(payload, Sequence));
        Sequence += (byte)(payload.Length / 0xFF_FFFF + 1);
    }

    /// <summary>Sends a command: the first packet of an exchange.</summary>
    public Task SendCommandAsync(byte[] payload)
    {
        Sequence = 0;
        _compressed?.StartCommand();
        return SendPacketAsync(payload);
    }

    /// <summary>Sends bytes as they are.</summary>
    public async Task SendAsync(byte[] bytes)
    {
        using var limit = new CancellationTokenSource(Timeout);
        await _stream.WriteAsync(bytes, limit.Token);
        await _stream.FlushAsync(limit.Token);
    }

    /// <summary>The next packet.</summary>
    /// <exception cref="EndOfStreamException">The other side closed the connection.</exception>
    /// <exception cref="TimeoutException">None came within <see cref="Timeout"/>.</exception>
    public async Task<MySqlPacket> ReadPacketAsync()
    {
        var header = await ReadAsync(4);
        var packet = new MySqlPacket(header[3], await ReadAsync(header[0] | header[1] << 8 | header[2] << 16));
        Sequence = (byte)(packet.Sequence + 1);
        return packet;
    }

    /// <summary>Sends a statement and reads every packet of its answer, of all its results.</summary>
    public async Task<IReadOnlyList<MySqlPacket>> QueryAsync(string sql)
    {
        var attributes = (Capabilities & MySqlCapabilities.QueryAttributes) != 0;
        await SendCommandAsync(attributes ? [3, 0, 1, .. Encoding.UTF8.GetBytes(sql)] : MySqlMessage.Query(sql));
        return await ReadResultsAsync();
    }

    /// <summary>A statement's answer as texts; null for NULL. Of several results, the rows of all.</summary>
    /// <exception cref="InvalidOperationException">The server answered with an ERR packet.</exception>
    public async Task<IReadOnlyList<string?[]>> RowsAsync(string sql)
    {
        var results = new MySqlResults(Capabilities);
        foreach (var packet in await QueryAsync(sql))
            results.Take(packet);
        return results.Error is null ? results.Rows : throw new InvalidOperationException($"{sql}: {results.Error}");
    }

    /// <summary>Every packet of a text answer, of all its results.</summary>
    public async Task<IReadOnlyList<MySqlPacket>> ReadResultsAsync()
    {
        var results = new MySqlResults(Capabilities);
        var packets = new List<MySqlPacket>();
        do
        {
            packets.Add(await ReadPacketAsync());
            results.Take(packets[^1]);
        }
        while (!results.AtEnd);
        return packets;
    }

    /// <summary>Everything until the other side closes; also when it closes with a reset.</summary>
    public async Task<byte[]> ReadToEndAsync()
    {
        using var received = new MemoryStream();
        using var limit = new CancellationTokenSource(Timeout);
        try
        {
            await _stream.CopyToAsync(received, limit.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"the connection was not closed within {Timeout}");
        }
        catch (IOException)
        {
            // A reset ends the stream as well as a close does.
        }
        return received.ToArray();
    }

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        _tcp.Dispose();
    }

    private async Task<byte[]> ReadAsync(int count)
    {
        var bytes = new byte[count];
        using var limit = new CancellationTokenSource(Timeout);
        try
        {
            await _stream.ReadExactlyAsync(bytes, limit.Token);
            return bytes;
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"{count} bytes did not come within {Timeout}");
        }
        catch (IOException exception) when (exception is not EndOfStreamException)
        {
            throw new EndOfStreamException("the connection was reset", exception);
        }
    }

    private static bool IsIssuedBy(X509Certificate? certificate, X509Certificate2 authority)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return certificate is X509Certificate2 leaf && chain.Build(leaf);
    }
}
