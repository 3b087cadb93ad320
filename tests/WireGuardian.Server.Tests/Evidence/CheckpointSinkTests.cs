using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using WireGuardian.Core.Audit.Evidence;
using WireGuardian.Server.Configuration;
using WireGuardian.Server.Evidence;

namespace WireGuardian.Server.Tests.Evidence;

/// <summary>What arrives at the other end of each sink, and that it is the checkpoint that was signed.</summary>
[TestFixture]
[CancelAfter(60_000)]
public sealed class CheckpointSinkTests
{
    private readonly AuditSigningKey _key = AuditSigningKey.Create();
    private DirectoryInfo _folder = null!;
    private SignedCheckpoint _checkpoint = null!;

    [SetUp]
    public void SetUp()
    {
        _folder = Directory.CreateTempSubdirectory("wireguardian-sinks-");
        _checkpoint = new AuditCheckpoint(12, new string('a', 64), new DateTimeOffset(2030, 1, 1, 12, 0, 0, TimeSpan.Zero).AddTicks(1_234_567), 12).Sign(_key);
    }

    [TearDown]
    public void TearDown() => _folder.Delete(recursive: true);

    [OneTimeTearDown]
    public void ForgetKey() => _key.Dispose();

    [Test]
    public async Task The_file_gets_a_line_more_and_others_of_the_machine_cannot_read_it()
    {
        var path = Path.Combine(_folder.FullName, "checkpoints.jsonl");
        using var sink = new FileSink(path);
        await sink.SendAsync(_checkpoint, CancellationToken.None);
        await sink.SendAsync(_checkpoint, CancellationToken.None);
        Assert.That(File.ReadAllLines(path).Select(Read), Is.EqualTo(new[] { _checkpoint, _checkpoint }));
        if (!OperatingSystem.IsWindows())
            Assert.That(File.GetUnixFileMode(path) & (UnixFileMode.OtherRead | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite), Is.EqualTo(UnixFileMode.None));
    }

    [Test]
    public async Task Standard_output_gets_nothing_before_the_line_ready()
    {
        using var output = new StringWriter();
        var ready = new TaskCompletionSource();
        using var sink = new StandardOutputSink(output, ready.Task);
        var sending = sink.SendAsync(_checkpoint, CancellationToken.None);
        Assert.That(output.ToString(), Is.Empty);
        ready.SetResult();
        await sending;
        Assert.That(Read(output.ToString()), Is.EqualTo(_checkpoint));
    }

    [Test]
    public async Task Syslog_over_udp_is_a_message_of_rfc_5424()
    {
        using var receiver = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        using var sink = new SyslogSink(new SyslogOptions(SyslogTransport.Udp, "", new DnsEndPoint("127.0.0.1", ((IPEndPoint)receiver.Client.LocalEndPoint!).Port)));
        await sink.SendAsync(_checkpoint, CancellationToken.None);
        AssertIsMessage(Encoding.UTF8.GetString((await receiver.ReceiveAsync()).Buffer));
    }

    [Test]
    [Platform(Exclude = "Win")]
    public async Task Syslog_over_the_machines_socket_is_the_same_message()
    {
        var path = Path.Combine(_folder.FullName, "log");
        using var receiver = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        receiver.Bind(new UnixDomainSocketEndPoint(path));
        using var sink = new SyslogSink(new SyslogOptions(SyslogTransport.Unix, path, null));
        await sink.SendAsync(_checkpoint, CancellationToken.None);
        var buffer = new byte[4096];
        AssertIsMessage(Encoding.UTF8.GetString(buffer, 0, await receiver.ReceiveAsync(buffer)));
    }

    [Test]
    public async Task Syslog_over_tcp_counts_octets_and_connects_again_after_a_failure()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var sink = new SyslogSink(new SyslogOptions(SyslogTransport.Tcp, "", new DnsEndPoint("127.0.0.1", ((IPEndPoint)listener.LocalEndpoint).Port)));
        for (var round = 0; round < 2; round++)
        {
            var accepting = listener.AcceptTcpClientAsync();
            await sink.SendAsync(_checkpoint, CancellationToken.None);
            using var connection = await accepting;
            await using var stream = connection.GetStream();
            var length = "";
            for (var next = stream.ReadByte(); next != ' '; next = stream.ReadByte())
                length += (char)next;
            var message = new byte[int.Parse(length, CultureInfo.InvariantCulture)];
            await stream.ReadExactlyAsync(message);
            AssertIsMessage(Encoding.UTF8.GetString(message));
            // As after a failure.
            sink.Dispose();
        }
    }

    [Test]
    public void Syslog_that_nobody_receives_is_a_failure()
    {
        using var sink = new SyslogSink(new SyslogOptions(SyslogTransport.Unix, Path.Combine(_folder.FullName, "none"), null));
        Assert.That(() => sink.SendAsync(_checkpoint, CancellationToken.None), Throws.InstanceOf<SocketException>());
    }

    [TestCase("200 OK", true)]
    [TestCase("400 Bad Request", false)]
    public async Task Otlp_sends_a_log_record_to_the_collectors_path_for_logs(string status, bool isTaken)
    {
        using var collector = new TcpListener(IPAddress.Loopback, 0);
        collector.Start();
        var request = AnswerOneAsync(collector, status);
        using var sink = new OtlpSink(new OtlpOptions(new Uri($"http://{collector.LocalEndpoint}"), OtlpProtocol.HttpProtobuf, TimeSpan.Zero));
        var sending = sink.SendAsync(_checkpoint, CancellationToken.None);
        var received = await request;
        Assert.That(received, Does.StartWith("POST /v1/logs HTTP/1.1"));
        Assert.That(received, Does.Contain(EvidenceJson.Line(_checkpoint)).And.Contain("wireguardian.audit.sequence").And.Contain(_checkpoint.Signature));
        if (isTaken)
            await sending;
        else
            Assert.That(async () => await sending, Throws.TypeOf<IOException>());
    }

    private void AssertIsMessage(string message)
    {
        const string header = @"^<110>1 2030-01-01T12:00:00\.123456Z \S+ wireguardian [0-9]+ checkpoint - ";
        Assert.That(message, Does.Match(header));
        Assert.That(Read(message[message.IndexOf('{', StringComparison.Ordinal)..]), Is.EqualTo(_checkpoint));
    }

    private static SignedCheckpoint Read(string line) => EvidenceJson.ReadCheckpoint(JsonDocument.Parse(line).RootElement);

    /// <summary>Plays the collector for one request and gives all of it.</summary>
    private static async Task<string> AnswerOneAsync(TcpListener collector, string status)
    {
        using var connection = await collector.AcceptTcpClientAsync();
        await using var stream = connection.GetStream();
        var received = new List<byte>();
        var buffer = new byte[8192];
        string text;
        do
        {
            received.AddRange(buffer[..await stream.ReadAsync(buffer)]);
            text = Encoding.Latin1.GetString([.. received]);
        }
        while (!IsWhole(text));
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
        return text;
    }

    private static bool IsWhole(string request)
    {
        var body = request.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4;
        var length = request.Split("\r\n").FirstOrDefault(line => line.StartsWith("Content-Length: ", StringComparison.OrdinalIgnoreCase));
        return body >= 4 && length is not null && request.Length - body >= int.Parse(length.Split(' ')[1], CultureInfo.InvariantCulture);
    }
}
