using System.Net.Sockets;
using System.Text;
using WireGuardian.Proxy.Relay;
using WireGuardian.Proxy.Transport;

namespace WireGuardian.Proxy.Tests.Relay;

/// <summary>The driver over loopback sockets, with a core that passes everything on, waits at <c>?</c> and ends at <c>!</c>; <c>X</c> is the goodbye.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class RelayDriverTests : IRelayCore, IRelayAnswers
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private LoopbackPair _client = null!;
    private LoopbackPair _server = null!;
    private RelayDriver _driver = null!;
    private Task _running = Task.CompletedTask;
    private long _toClient;

    [SetUp]
    public async Task Start()
    {
        _client = await LoopbackPair.CreateAsync();
        _server = await LoopbackPair.CreateAsync();
        _driver = new RelayDriver(Relaying(_client.Near), Relaying(_server.Near), this, this);
    }

    private static Leg Relaying(Socket socket)
    {
        var leg = new Leg(socket);
        leg.BeginRelay();
        return leg;
    }

    [TearDown]
    public async Task Stop()
    {
        _driver.Abort();
        await _running.ContinueWith(static _ => { }, TaskScheduler.Default).WaitAsync(Limit);
        _driver.Dispose();
        _client.Dispose();
        _server.Dispose();
    }

    bool IRelayCore.ClientStreamIsAtBoundary => true;

    long IRelayCore.ProcessingTicks { get; set; }

    [Test]
    public async Task Bytes_pass_both_ways_the_ones_read_before_first()
    {
        Run("a", "b");
        await _client.Far.SendAsync("c"u8.ToArray());
        await _server.Far.SendAsync("d"u8.ToArray());
        Assert.That(await ReadAsync(_server.Far, 2), Is.EqualTo("ac"));
        Assert.That(await ReadAsync(_client.Far, 2), Is.EqualTo("bd"));
    }

    [Test]
    public async Task A_client_that_half_closes_still_reads_what_the_server_says()
    {
        Run();
        await _client.Far.SendAsync("query"u8.ToArray());
        _client.Far.Shutdown(SocketShutdown.Send);
        Assert.That(await ReadAsync(_server.Far, 6), Is.EqualTo("query"), "and then the end");
        await _server.Far.SendAsync("answer"u8.ToArray());
        _server.Far.Shutdown(SocketShutdown.Both);
        Assert.That(await ReadAsync(_client.Far, 7), Is.EqualTo("answer"));
        await _running.WaitAsync(Limit);
    }

    [Test]
    public async Task When_the_server_ends_the_client_gets_the_last_words_and_the_end()
    {
        Run();
        await _server.Far.SendAsync("fatal"u8.ToArray());
        _server.Far.Shutdown(SocketShutdown.Both);
        Assert.That(await ReadAsync(_client.Far, 6), Is.EqualTo("fatal"));
        await _running.WaitAsync(Limit);
    }

    [TestCase("X", TestName = "A_goodbye_is_noticed_while_an_answer_is_awaited")]
    [TestCase("", TestName = "The_end_of_the_client_is_noticed_while_an_answer_is_awaited")]
    public async Task Gone(string goodbye)
    {
        Run();
        await _client.Far.SendAsync("?"u8.ToArray());
        await _asked.Task.WaitAsync(Limit);
        if (goodbye.Length > 0)
            await _client.Far.SendAsync(Encoding.ASCII.GetBytes("more" + goodbye));
        else
            _client.Far.Shutdown(SocketShutdown.Send);
        await _gone.Task.WaitAsync(Limit);
    }

    [Test]
    public async Task What_was_read_while_waiting_comes_after_the_answer_in_order()
    {
        Run();
        await _client.Far.SendAsync("?one"u8.ToArray());
        await _asked.Task.WaitAsync(Limit);
        await _client.Far.SendAsync("two"u8.ToArray());
        await _server.Far.SendAsync("meanwhile"u8.ToArray());
        Assert.That(await ReadAsync(_client.Far, 9), Is.EqualTo("meanwhile"));
        _answer.SetResult();
        Assert.That(await ReadAsync(_server.Far, 7), Is.EqualTo("?onetwo"));
    }

    [Test]
    public async Task A_client_that_does_not_read_stops_the_server()
    {
        Run();
        var chunk = new byte[64 << 10];
        long sent = 0;
        using var limit = new CancellationTokenSource();
        var sending = Task.Run(async () =>
        {
            while (true)
                sent += await _server.Far.SendAsync(chunk, limit.Token);
        });
        long before;
        do
        {
            before = Interlocked.Read(ref sent);
            await Task.WhenAny(sending, Task.Delay(500));
        }
        while (Interlocked.Read(ref sent) != before);
        Assert.That(before, Is.LessThan(32L << 20));
        Assert.That(Interlocked.Read(ref _toClient), Is.LessThan(32L << 20));
        await limit.CancelAsync();
        await sending.ContinueWith(static _ => { }, TaskScheduler.Default);
    }

    [Test]
    public async Task A_broken_protocol_is_told_to_the_client_before_the_end()
    {
        Run();
        await _client.Far.SendAsync("#"u8.ToArray());
        Assert.That(await ReadAsync(_client.Far, 11), Is.EqualTo("last words"));
        Assert.That(async () => await _running.WaitAsync(Limit), Throws.TypeOf<ProtocolException>());
    }

    RelayStep IRelayCore.FromClient(Span<byte> input, RelayOutput toServer)
    {
        if (input.Contains((byte)'#'))
            throw new ProtocolException(ProtocolFault.Client, "no #");
        if (input.Contains((byte)'?') && !_answer.Task.IsCompleted)
            return new(0, RelayNeed.Answer);
        toServer.Forward(0, input.Length);
        return new(input.Length, RelayNeed.Bytes);
    }

    RelayStep IRelayCore.FromServer(Span<byte> input, RelayOutput toClient)
    {
        toClient.Forward(0, input.Length);
        return new(input.Length, RelayNeed.Bytes);
    }

    bool IRelayCore.HoldsGoodbye(ReadOnlySpan<byte> waiting) => waiting.Contains((byte)'X');

    Task IRelayAnswers.AnswerClientAsync(CancellationToken cancellationToken)
    {
        _asked.TrySetResult();
        return _answer.Task;
    }

    Task IRelayAnswers.AnswerServerAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    void IRelayAnswers.ServerProgressed()
    {
    }

    void IRelayAnswers.ClientIsGone() => _gone.TrySetResult();

    ReadOnlyMemory<byte> IRelayAnswers.LastWords(Exception problem) => problem is EndOfStreamException ? default : "last words"u8.ToArray();

    void IRelayAnswers.CountBytes(bool toClient, int count) => Interlocked.Add(ref _toClient, toClient ? count : 0);

    private void Run(string client = "", string server = "") =>
        _running = Task.Run(() => _driver.RunAsync(Encoding.ASCII.GetBytes(client), Encoding.ASCII.GetBytes(server)));

    /// <summary>So many bytes, or fewer where the other side ends before.</summary>
    private static async Task<string> ReadAsync(Socket socket, int count)
    {
        using var limit = new CancellationTokenSource(Limit);
        var bytes = new byte[count];
        var read = 0;
        for (int more; read < count && (more = await socket.ReceiveAsync(bytes.AsMemory(read), limit.Token)) > 0;)
            read += more;
        return Encoding.ASCII.GetString(bytes, 0, read);
    }
}
