using System.Buffers.Binary;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace WireGuardian.Testing.Wire;

/// <summary>
/// A PostgreSQL client that does what a test tells it and nothing else: any bytes out, one frame at a time in. Every read has a time limit.
/// </summary>
public sealed class WireClient : IAsyncDisposable
{
    private readonly TcpClient _tcp;
    private readonly byte[] _received = new byte[64 * 1024];
    private int _start;
    private int _end;
    private Stream _stream;

    private WireClient(TcpClient tcp)
    {
        _tcp = tcp;
        _stream = tcp.GetStream();
    }

    /// <summary>For reads and handshakes; 10 seconds unless a test sets another.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    public Socket Socket => _tcp.Client;

    /// <summary>Set once TLS is up.</summary>
    public SslStream? Tls => _stream as SslStream;

    /// <summary>From BackendKeyData, once <see cref="LogInAsync"/> has passed it.</summary>
    public int ProcessId { get; private set; }

    public byte[] CancelKey { get; private set; } = [];

    public static async Task<WireClient> ConnectAsync(int port, string host = "127.0.0.1")
    {
        var tcp = new TcpClient { NoDelay = true };
        await tcp.ConnectAsync(IPAddress.Parse(host), port).WaitAsync(TimeSpan.FromSeconds(10));
        return new WireClient(tcp);
    }

    /// <summary>Connects and logs in, in clear: what most tests start with.</summary>
    public static async Task<WireClient> LogInAsync(int port, string user, string password, string database, params (string Name, string Value)[] parameters)
    {
        var client = await ConnectAsync(port);
        try
        {
            await client.SendAsync(FrontendMessage.Startup(
                FrontendMessage.Protocol30, [("user", user), ("database", database), .. parameters]));
            await client.AuthenticateAsync(user, password);
            return client;
        }
        catch
        {
            await client.DisposeAsync();
            throw;
        }
    }

    public async Task SendAsync(params byte[][] messages)
    {
        using var limit = new CancellationTokenSource(Timeout);
        await _stream.WriteAsync(messages.Length == 1 ? messages[0] : [.. messages.SelectMany(message => message)], limit.Token);
        await _stream.FlushAsync(limit.Token);
    }

    /// <summary>Sends an SSLRequest and returns the answer's one byte: S or N (or E, for an ErrorResponse).</summary>
    public async Task<char> RequestTlsAsync()
    {
        await SendAsync(FrontendMessage.SslRequest);
        return await ReadByteAsync();
    }

    /// <summary>Does the TLS handshake at once: after a positive answer to SSLRequest, or as direct TLS.</summary>
    /// <param name="alpn">The protocol to offer; PostgreSQL's is <c>postgresql</c>. Null offers none.</param>
    /// <param name="authority">The authority to demand; null takes any certificate.</param>
    /// <param name="clientCertificate">Offered if the server asks.</param>
    public async Task StartTlsAsync(string? alpn = null, X509Certificate2? authority = null, X509Certificate2? clientCertificate = null)
    {
        var tls = new SslStream(_stream);
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            EnabledSslProtocols = SslProtocols.None,
            RemoteCertificateValidationCallback = (_, certificate, _, _) => authority is null || IsIssuedBy(certificate, authority),
        };
        if (alpn is not null)
            options.ApplicationProtocols = [new SslApplicationProtocol(alpn)];
        if (clientCertificate is not null)
            options.ClientCertificates = [clientCertificate];
        using var limit = new CancellationTokenSource(Timeout);
        await tls.AuthenticateAsClientAsync(options, limit.Token);
        _stream = tls;
    }

    /// <summary>
    /// Answers whatever authentication the server asks for (none, cleartext, md5, SCRAM-SHA-256, and -PLUS where TLS is up and it is offered)
    /// and returns every frame up to and with ReadyForQuery.
    /// </summary>
    /// <exception cref="InvalidOperationException">The server answered with an ErrorResponse.</exception>
    public async Task<IReadOnlyList<WireFrame>> AuthenticateAsync(string user, string password)
    {
        var frames = await TryAuthenticateAsync(user, password);
        return frames[^1].Type == 'Z' ? frames : throw new InvalidOperationException($"login refused: {frames[^1]}");
    }

    /// <summary>As <see cref="AuthenticateAsync"/>, but a refusal's ErrorResponse is the last frame.</summary>
    public async Task<IReadOnlyList<WireFrame>> TryAuthenticateAsync(string user, string password)
    {
        var frames = new List<WireFrame>();
        ScramClient? scram = null;
        do
        {
            var frame = await ReadFrameAsync();
            frames.Add(frame);
            if (frame.Type == 'R')
                scram = await AnswerAsync(frame.Body, user, password, scram);
            if (frame.Type == 'K')
            {
                ProcessId = BinaryPrimitives.ReadInt32BigEndian(frame.Body);
                CancelKey = frame.Body[4..];
            }
        }
        while (frames[^1].Type is not ('Z' or 'E'));
        return frames;
    }

    /// <summary>The next frame.</summary>
    /// <exception cref="EndOfStreamException">The other side closed the connection.</exception>
    /// <exception cref="TimeoutException">None came within <see cref="Timeout"/>.</exception>
    public async Task<WireFrame> ReadFrameAsync()
    {
        var header = await ReadAsync(5);
        var length = BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(1)) - 4;
        return length >= 0
            ? new WireFrame((char)header[0], await ReadAsync(length))
            : throw new InvalidDataException($"a frame of type {(char)header[0]} claims {length + 4} bytes");
    }

    /// <summary>Frames up to and with the first of one of <paramref name="types"/>.</summary>
    /// <exception cref="TimeoutException">The next one did not come; tells which did.</exception>
    public async Task<IReadOnlyList<WireFrame>> ReadUntilAsync(params char[] types)
    {
        var frames = new List<WireFrame>();
        try
        {
            do
                frames.Add(await ReadFrameAsync());
            while (!types.Contains(frames[^1].Type));
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"no {string.Join(" or ", types)} after {frames.Count} frames: {string.Join(", ", frames.TakeLast(10))}", late);
        }
        return frames;
    }

    /// <summary>A simple query's whole answer, up to and with ReadyForQuery.</summary>
    public async Task<IReadOnlyList<WireFrame>> QueryAsync(string sql)
    {
        await SendAsync(FrontendMessage.Query(sql));
        return await ReadUntilAsync('Z');
    }

    public async Task<char> ReadByteAsync() => (char)(await ReadAsync(1))[0];

    /// <summary>Exactly <paramref name="count"/> bytes.</summary>
    public async Task<byte[]> ReadAsync(int count)
    {
        var bytes = new byte[count];
        var filled = TakeReceived(bytes);
        if (filled == count)
            return bytes;
        using var limit = new CancellationTokenSource(Timeout);
        try
        {
            while (filled < count)
            {
                // Ahead for small frames, straight into place for a large one.
                if (count - filled >= _received.Length)
                {
                    filled += await ReadSomeAsync(bytes.AsMemory(filled), limit.Token);
                    continue;
                }

                _start = 0;
                _end = await ReadSomeAsync(_received, limit.Token);
                filled += TakeReceived(bytes.AsSpan(filled));
            }

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

    /// <summary>Everything until the other side closes; also when it closes with a reset.</summary>
    public async Task<byte[]> ReadToEndAsync()
    {
        var received = new MemoryStream();
        received.Write(_received.AsSpan(_start, _end - _start));
        (_start, _end) = (0, 0);
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

    /// <summary>Sends no more, still reads: a half-closed connection.</summary>
    public void CloseSending() => Socket.Shutdown(SocketShutdown.Send);

    /// <summary>Closes with a reset instead of an orderly end.</summary>
    public void Abort()
    {
        Socket.LingerState = new LingerOption(true, 0);
        Socket.Close();
    }

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        _tcp.Dispose();
    }

    private int TakeReceived(Span<byte> target)
    {
        var count = Math.Min(target.Length, _end - _start);
        _received.AsSpan(_start, count).CopyTo(target);
        _start += count;
        return count;
    }

    private async Task<int> ReadSomeAsync(Memory<byte> target, CancellationToken cancellationToken) =>
        await _stream.ReadAsync(target, cancellationToken) is > 0 and var count
            ? count
            : throw new EndOfStreamException("the connection was closed");

    private async Task<ScramClient?> AnswerAsync(byte[] body, string user, string password, ScramClient? scram)
    {
        switch (BinaryPrimitives.ReadInt32BigEndian(body))
        {
            case 3:
                await SendAsync(FrontendMessage.Password(password));
                break;
            case 5:
                await SendAsync(FrontendMessage.Password("md5" + Md5(Md5(password, Encoding.UTF8.GetBytes(user)), body[4..8])));
                break;
            case 10:
                var offered = Encoding.ASCII.GetString(body, 4, body.Length - 4).Split('\0', StringSplitOptions.RemoveEmptyEntries);
                scram = new ScramClient(password, offered.Contains("SCRAM-SHA-256-PLUS") ? EndPointHash() : null);
                await SendAsync(FrontendMessage.SaslInitialResponse(scram.Mechanism, scram.ClientFirst));
                break;
            case 11:
                await SendAsync(FrontendMessage.SaslResponse(scram!.ClientFinal(Encoding.UTF8.GetString(body, 4, body.Length - 4))));
                break;
            case 12:
                scram!.Verify(Encoding.UTF8.GetString(body, 4, body.Length - 4));
                break;
        }

        return scram;
    }

    /// <summary>tls-server-end-point (RFC 5929): the certificate under its own signature's hash, SHA-256 where that is MD5 or SHA-1.</summary>
    private byte[]? EndPointHash()
    {
        if (Tls?.RemoteCertificate is not X509Certificate2 certificate)
            return null;
        var signature = certificate.SignatureAlgorithm.FriendlyName ?? string.Empty;
        return signature.Contains("384", StringComparison.Ordinal) ? SHA384.HashData(certificate.RawData)
            : signature.Contains("512", StringComparison.Ordinal) ? SHA512.HashData(certificate.RawData)
            : SHA256.HashData(certificate.RawData);
    }

    /// <summary>PostgreSQL's md5 login is md5(md5(password + user) + salt), in hex.</summary>
    private static string Md5(string text, byte[] salt)
    {
#pragma warning disable CA5351 // The protocol's own choice.
        return Convert.ToHexStringLower(MD5.HashData([.. Encoding.UTF8.GetBytes(text), .. salt]));
#pragma warning restore CA5351
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
