using System.Diagnostics;
using System.Net.Sockets;
using WireGuardian.Proxy.Egress;
using WireGuardian.Proxy.Transport;

namespace WireGuardian.Proxy.Relay;

/// <summary>
/// The portable driver of a relay: one loop per direction over sockets (or TLS streams) with buffers of its own. With inline completions a loop runs on the
/// thread that polls, so nothing in it may block: what has to wait leaves by a task. Backpressure is the loop itself, which does not
/// receive before it has sent.
/// </summary>
public sealed class RelayDriver : IDisposable
{
    /// <summary>How much of a client is read ahead, after the message that waits, while an answer is awaited.</summary>
    private const int WatchLimit = 256 << 10;

    private static readonly TimeSpan LastWordsTimeout = TimeSpan.FromSeconds(1);

    private readonly Leg _client;
    private readonly Leg _server;
    private readonly IRelayCore _core;
    private readonly IRelayAnswers _answers;
    private readonly SemaphoreSlim _clientSend = new(1, 1);
    private readonly CancellationTokenSource _ended = new();
    private readonly ReceiveBuffer _fromClient = new();
    private readonly ReceiveBuffer _fromServer = new();
    private Task<int>? _watching;

    public RelayDriver(Leg client, Leg server, IRelayCore core, IRelayAnswers answers)
    {
        (_client, _server, _core, _answers) = (client, server, core, answers);
    }

    /// <summary>Relays until either side ends. Bytes already read of the legs come first.</summary>
    public async Task RunAsync(ReadOnlyMemory<byte> clientBytes, ReadOnlyMemory<byte> serverBytes)
    {
        _fromClient.Prime(clientBytes.Span);
        _fromServer.Prime(serverBytes.Span);
        var fromServer = RunServerAsync();
        var fromClient = RunClientAsync();
        try
        {
            // A client that ends its side may still read: the server is told, and its last words are sent on. When the server ends, all ends.
            if (await Task.WhenAny(fromServer, fromClient) == fromClient)
            {
                await fromClient;
                // It asks for nothing more, nor waits for somebody's yes to what is under way.
                _answers.ClientIsGone();
                await _server.EndSendingAsync();
            }
            await fromServer;
        }
        catch (Exception problem)
        {
            // Where a canary ended the session, the core is ahead of what was sent: whether the client is between two messages the lock tells.
            if (problem is CanaryFoundException || _core.ClientStreamIsAtBoundary)
                await SayLastWordsAsync(_answers.LastWords(problem));
            throw;
        }
        finally
        {
            await _ended.CancelAsync();
            // What the server said last has been sent; now both legs end, and with them the other loop.
            await _client.CloseAsync();
            await _server.CloseAsync();
            // The buffers are given back only when nothing can write to them any more.
            await Task.WhenAll(fromServer, fromClient, _watching ?? Task.CompletedTask).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Sends a message of the proxy's own to the client, between two of the server's.</summary>
    public async Task SendToClientAsync(ReadOnlyMemory<byte> message)
    {
        await _clientSend.WaitAsync(_ended.Token);
        try
        {
            await _client.SendAsync(message);
            _answers.CountBytes(toClient: true, message.Length);
        }
        finally
        {
            _clientSend.Release();
        }
    }

    /// <summary>Ends the session at once, from outside the loops.</summary>
    public void Abort()
    {
        _client.Dispose();
        _server.Dispose();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _fromClient.Dispose();
        _fromServer.Dispose();
        _clientSend.Dispose();
        _ended.Dispose();
    }

    /// <summary>Tells the client why it ends, if it takes it at once: nobody waits for a client that broke the protocol.</summary>
    private async Task SayLastWordsAsync(ReadOnlyMemory<byte> words)
    {
        if (words.IsEmpty || !_clientSend.Wait(0))
            return;
        try
        {
            await _client.SendAsync(words).AsTask().WaitAsync(LastWordsTimeout);
        }
        catch (Exception exception) when (exception is IOException or SocketException or ObjectDisposedException or TimeoutException)
        {
            // It is closed next in any case.
        }
    }

    private async Task RunServerAsync()
    {
        var output = new RelayOutput();
        var sendHeld = false;
        while (true)
        {
            var (step, boundary) = StepServer(output);
            if (!output.IsEmpty)
            {
                if (!sendHeld && !_clientSend.Wait(0))
                    await _clientSend.WaitAsync(_ended.Token);
                _answers.CountBytes(toClient: true, output.Length);
                try
                {
                    await SendAsync(_client, _fromServer, output);
                }
                catch (CanaryFoundException found) when (!sendHeld && !found.AfterPart)
                {
                    _clientSend.Release();
                    throw;
                }
                sendHeld = !boundary;
                if (boundary)
                    _clientSend.Release();
            }
            output.Clear();
            _fromServer.Consume(step.Consumed);
            _answers.ServerProgressed();
            switch (step.Need)
            {
                case RelayNeed.End:
                    return;
                case RelayNeed.Answer:
                    await _answers.AnswerServerAsync(_ended.Token);
                    break;
                case RelayNeed.Bytes:
                    _fromServer.MakeRoom(step.Wanted);
                    var count = await _server.ReceiveAsync(_fromServer.Free);
                    if (count == 0)
                    {
                        if (boundary)
                            await SayLastWordsAsync(_answers.LastWords(new EndOfStreamException()));
                        return;
                    }
                    _fromServer.Received(count);
                    break;
            }
        }
    }

    private async Task RunClientAsync()
    {
        var output = new RelayOutput();
        while (true)
        {
            var step = StepClient(output);
            if (!output.IsEmpty)
            {
                _answers.CountBytes(toClient: false, output.Length);
                await SendAsync(_server, _fromClient, output);
            }
            output.Clear();
            _fromClient.Consume(step.Consumed);
            switch (step.Need)
            {
                case RelayNeed.End:
                    return;
                case RelayNeed.Answer:
                    if (!await WatchClientAsync(_answers.AnswerClientAsync(_ended.Token), step.Wanted + WatchLimit))
                    {
                        _answers.ClientIsGone();
                        return;
                    }
                    break;
                case RelayNeed.Bytes when _watching is not null:
                    if (!await FinishWatchingAsync())
                        return;
                    break;
                case RelayNeed.Bytes:
                    _fromClient.MakeRoom(step.Wanted);
                    if (!TookFromClient(await _client.ReceiveAsync(_fromClient.Free)))
                        return;
                    break;
            }
        }
    }

    private (RelayStep Step, bool Boundary) StepServer(RelayOutput output)
    {
        lock (_core)
        {
            var started = Stopwatch.GetTimestamp();
            var step = _core.FromServer(_fromServer.Unread, output);
            _core.ProcessingTicks += Stopwatch.GetTimestamp() - started;
            return (step, _core.ClientStreamIsAtBoundary);
        }
    }

    private RelayStep StepClient(RelayOutput output)
    {
        lock (_core)
        {
            var started = Stopwatch.GetTimestamp();
            var step = _core.FromClient(_fromClient.Unread, output);
            _core.ProcessingTicks += Stopwatch.GetTimestamp() - started;
            return step;
        }
    }

    /// <summary>A receive that began while an answer was awaited is still under way: its bytes come first.</summary>
    private async ValueTask<bool> FinishWatchingAsync()
    {
        var receiving = _watching!;
        _watching = null;
        return TookFromClient(await receiving);
    }

    private bool TookFromClient(int count)
    {
        if (count > 0)
            _fromClient.Received(count);
        return count > 0;
    }

    /// <summary>Waits for an answer while reading the client, so that its goodbye or its end is noticed.</summary>
    /// <param name="answer">Completes when there is an answer.</param>
    /// <param name="limit">So much of the client is kept unread at most.</param>
    /// <returns>False when the client is gone.</returns>
    private async ValueTask<bool> WatchClientAsync(Task answer, int limit)
    {
        while (!answer.IsCompleted)
        {
            if (_watching is null)
            {
                if (_fromClient.Unread.Length >= limit)
                    break;
                _fromClient.MakeRoom(0);
                _watching = _client.ReceiveAsync(_fromClient.Free).AsTask();
            }
            if (await Task.WhenAny(answer, _watching) == answer)
                break;
            var receiving = _watching;
            _watching = null;
            if (!TookFromClient(await receiving) || _core.HoldsGoodbye(_fromClient.Unread))
                return false;
        }
        await answer;
        return true;
    }

    private static ValueTask SendAsync(Leg leg, ReceiveBuffer buffer, RelayOutput output) =>
        output.TryGetSingleSlice(out var start, out var length)
            ? leg.SendAsync(buffer.UnreadMemory.Slice(start, length))
            : SendGatheredAsync(leg, buffer, output);

    private static async ValueTask SendGatheredAsync(Leg leg, ReceiveBuffer buffer, RelayOutput output)
    {
        var size = Math.Min(output.Length, ReceiveBuffer.StreamingSize);
        var gathered = System.Buffers.ArrayPool<byte>.Shared.Rent(size);
        try
        {
            (int Piece, int Offset) position = default;
            var sent = 0;
            try
            {
                for (int count; (count = output.Gather(buffer.Unread, gathered, ref position)) > 0; sent += count)
                    await leg.SendAsync(gathered.AsMemory(0, count));
            }
            catch (CanaryFoundException found) when (sent > 0)
            {
                found.AfterPart = true;
                throw;
            }
        }
        finally
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(gathered, clearArray: true);
        }
    }
}
