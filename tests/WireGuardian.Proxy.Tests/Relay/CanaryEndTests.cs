using System.Diagnostics.Metrics;
using System.Net.Sockets;
using System.Text;
using WireGuardian.Core.Policies;
using WireGuardian.Proxy.Egress;
using WireGuardian.Proxy.Metrics;
using WireGuardian.Proxy.Relay;
using WireGuardian.Proxy.Transport;
using WireGuardian.Testing.Audit;

namespace WireGuardian.Proxy.Tests.Relay;

/// <summary>
/// How a session ends in which a canary was about to leave, with a core whose messages end with a full stop, and which puts 80,000 bytes in for a <c>*</c>. The client is
/// told why only between two messages.
/// </summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class CanaryEndTests : IRelayCore, IRelayAnswers
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly Meter _meter = new("canary");
    private LoopbackPair _client = null!;
    private LoopbackPair _server = null!;
    private RelayDriver _driver = null!;
    private Task _running = Task.CompletedTask;
    private bool _isAtBoundary = true;

    [SetUp]
    public async Task Start()
    {
        _client = await LoopbackPair.CreateAsync();
        _server = await LoopbackPair.CreateAsync();
        var policies = new PolicySource(new Policy { Canaries = [new Canary { Name = "one", Value = "planted-value"u8.ToArray() }] });
        var source = new CanarySource(policies, "app", new InMemoryAuditLog(), new ProxyMetrics(_meter).ForListener("app", "postgres"), TimeProvider.System);
        var (client, server) = (new Leg(_client.Near) { Egress = source.Watch(_client.Near) }, new Leg(_server.Near));
        client.BeginRelay();
        server.BeginRelay();
        _driver = new RelayDriver(client, server, this, this);
        _running = Task.Run(() => _driver.RunAsync(default, default));
    }

    [TearDown]
    public async Task Stop()
    {
        _driver.Abort();
        await _running.ContinueWith(static _ => { }, TaskScheduler.Default).WaitAsync(Limit);
        _driver.Dispose();
        _client.Dispose();
        _server.Dispose();
        _meter.Dispose();
    }

    [TestCase("a planted-value.", "last words", TestName = "In_one_message_the_client_is_told")]
    [TestCase("a planted-value, and more", "last words", TestName = "In_a_message_of_which_nothing_has_left_the_client_is_told")]
    [TestCase("*planted-value.", "", TestName = "Behind_a_part_of_the_same_send_nothing_is_said")]
    public async Task Ends(string sent, string words)
    {
        await _server.Far.SendAsync(Encoding.ASCII.GetBytes(sent));
        Assert.That((await ReadToEndAsync()).Replace("-", "", StringComparison.Ordinal), Is.EqualTo(words));
        Assert.That(async () => await _running.WaitAsync(Limit), Throws.TypeOf<CanaryFoundException>());
    }

    [Test]
    public async Task In_the_middle_of_a_message_nothing_is_said()
    {
        await _server.Far.SendAsync("a planted"u8.ToArray());
        var first = new byte[9];
        for (var read = 0; read < first.Length;)
            read += await _client.Far.ReceiveAsync(first.AsMemory(read));
        await _server.Far.SendAsync("-value."u8.ToArray());
        Assert.That(await ReadToEndAsync(), Is.Empty);
    }

    [Test]
    public async Task Of_a_message_of_the_proxys_own_nothing_leaves()
    {
        Assert.That(async () => await _driver.SendToClientAsync("planted-value."u8.ToArray()), Throws.TypeOf<CanaryFoundException>());
        await _server.Far.SendAsync("more."u8.ToArray());
        _server.Far.Shutdown(SocketShutdown.Both);
        Assert.That(await ReadToEndAsync(), Is.EqualTo("more."));
    }

    bool IRelayCore.ClientStreamIsAtBoundary => _isAtBoundary;

    long IRelayCore.ProcessingTicks { get; set; }

    RelayStep IRelayCore.FromClient(Span<byte> input, RelayOutput toServer) => new(input.Length, RelayNeed.Bytes);

    RelayStep IRelayCore.FromServer(Span<byte> input, RelayOutput toClient)
    {
        if (input.StartsWith("*"u8))
        {
            toClient.Insert(Encoding.ASCII.GetBytes(new string('-', 80_000)));
            toClient.Forward(1, input.Length - 1);
        }
        else
        {
            toClient.Forward(0, input.Length);
        }
        _isAtBoundary = input.EndsWith("."u8);
        return new(input.Length, RelayNeed.Bytes);
    }

    bool IRelayCore.HoldsGoodbye(ReadOnlySpan<byte> waiting) => false;

    Task IRelayAnswers.AnswerClientAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    Task IRelayAnswers.AnswerServerAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    void IRelayAnswers.ServerProgressed()
    {
    }

    void IRelayAnswers.ClientIsGone()
    {
    }

    ReadOnlyMemory<byte> IRelayAnswers.LastWords(Exception problem) => problem is CanaryFoundException ? "last words"u8.ToArray() : default;

    void IRelayAnswers.CountBytes(bool toClient, int count)
    {
    }

    private async Task<string> ReadToEndAsync()
    {
        using var limit = new CancellationTokenSource(Limit);
        var text = new StringBuilder();
        var bytes = new byte[4096];
        for (int count; (count = await _client.Far.ReceiveAsync(bytes.AsMemory(), limit.Token)) > 0;)
            text.Append(Encoding.ASCII.GetString(bytes, 0, count));
        return text.ToString();
    }
}
