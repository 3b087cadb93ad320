using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Threading.Tasks.Sources;

namespace WireGuardian.Proxy.Transport;

/// <summary>
/// Receiving from, or sending to, a socket that a <see cref="PollLoop"/> waits for. A call that finds the socket not ready waits, and is carried out by the
/// loop: a receive costs one system call, not a vain one first. One call may be under way at a time.
/// </summary>
internal sealed class PolledDirection : IValueTaskSource<int>
{
    /// <summary>So many receives in a row are answered at once; then the loop's other sockets have their turn.</summary>
    private const int TurnLength = 8;

    /// <summary>What a system call gives that found the socket not ready.</summary>
    private const int NotReady = -1;

    private readonly int _socket;
    private readonly bool _sends;
    private readonly Action _rearm;

    // Held during the system calls too, which do not block: so the socket is not closed, and no readiness missed, while one runs.
    private readonly Lock _changing = new();
    private ManualResetValueTaskSourceCore<int> _result;
    private Memory<byte> _buffer;
    private int _flags;
    private int _turn;
    private bool _ready;
    private bool _hungUp;
    private bool _waiting;
    private bool _cancelled;
    private Exception? _end;

    /// <param name="socket">Descriptor of the socket; closed by its owner, after <see cref="End"/>.</param>
    /// <param name="sends">Which of the two it is. A socket that nobody has sent to is taken for ready to send.</param>
    /// <param name="rearm">Has the loop tell the socket's readiness again.</param>
    public PolledDirection(int socket, bool sends, Action rearm)
    {
        (_socket, _sends, _rearm) = (socket, sends, rearm);
        _ready = sends;
    }

    /// <summary>True when whoever waits may be run on the loop's thread; otherwise the thread pool runs it.</summary>
    public bool RunsInline { get; set; }

    /// <summary>Receives into, or sends from, <paramref name="buffer"/>: bytes moved, or 0 at the end of what comes. An empty buffer waits until there is something.</summary>
    public ValueTask<int> RunAsync(Memory<byte> buffer, int flags = 0)
    {
        lock (_changing)
        {
            if (_end is not null)
                return ValueTask.FromException<int>(_end);
            if (_ready && (_sends || ++_turn <= TurnLength))
            {
                try
                {
                    if (TryRun(buffer, flags) is var count and not NotReady)
                        return new ValueTask<int>(count);
                }
                catch (SocketException exception)
                {
                    return ValueTask.FromException<int>(exception);
                }
            }
            if (_cancelled)
                return ValueTask.FromException<int>(new OperationCanceledException());
            if (_ready)
                _rearm();
            (_waiting, _buffer, _flags) = (true, buffer, flags);
            _result.Reset();
            _result.RunContinuationsAsynchronously = !RunsInline;
            return new ValueTask<int>(this, _result.Version);
        }
    }

    /// <summary>As the other, ended early by <paramref name="cancellationToken"/>: the buffer is not touched after that.</summary>
    public async ValueTask<int> RunAsync(Memory<byte> buffer, CancellationToken cancellationToken, int flags = 0)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await using var registration = cancellationToken.UnsafeRegister(static state => ((PolledDirection)state!).Cancel(), this);
        try
        {
            return await RunAsync(buffer, flags);
        }
        catch (OperationCanceledException)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        finally
        {
            // Over before the next call begins, so that this one's token cannot end that.
            await registration.DisposeAsync();
            lock (_changing)
                _cancelled = false;
        }
    }

    /// <summary>The loop says that the socket is ready, or that its other side has ended. Carries out what waits, and runs who waits for it.</summary>
    public void Ready(bool hungUp)
    {
        var count = NotReady;
        SocketException? problem = null;
        lock (_changing)
        {
            _hungUp |= hungUp;
            _ready = true;
            _turn = 0;
            if (!_waiting)
                return;
            try
            {
                count = TryRun(_buffer, _flags);
                if (count == NotReady)
                    return;
            }
            catch (SocketException exception)
            {
                problem = exception;
            }
            _waiting = false;
        }
        if (problem is null)
            _result.SetResult(count);
        else
            _result.SetException(problem);
    }

    /// <summary>Ends what is under way, and whatever comes after, with <paramref name="reason"/>.</summary>
    public void End(Exception reason)
    {
        lock (_changing)
            _end ??= reason;
        EndWaiting(reason);
    }

    int IValueTaskSource<int>.GetResult(short token) => _result.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<int>.GetStatus(short token) => _result.GetStatus(token);

    void IValueTaskSource<int>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _result.OnCompleted(continuation, state, token, flags);

    private void Cancel()
    {
        lock (_changing)
            _cancelled = true;
        EndWaiting(new OperationCanceledException());
    }

    private void EndWaiting(Exception reason)
    {
        lock (_changing)
        {
            if (!_waiting)
                return;
            _waiting = false;
            // Whoever ends it is not to run who waited.
            _result.RunContinuationsAsynchronously = true;
        }
        _result.SetException(reason);
    }

    private unsafe int TryRun(Memory<byte> buffer, int flags)
    {
        fixed (byte* bytes = buffer.Span)
        {
            while (true)
            {
                var count = (int)(_sends
                    ? LinuxSockets.Send(_socket, bytes, buffer.Length, flags | LinuxSockets.DontWait | LinuxSockets.NoSignal)
                    : LinuxSockets.Receive(_socket, bytes, buffer.Length, flags | LinuxSockets.DontWait));
                if (count >= 0)
                {
                    // Fewer than there was room for: that was all, and the kernel tells when there is more. Otherwise there may be more already.
                    _ready = _hungUp || count == buffer.Length || (flags & LinuxSockets.Peek) != 0;
                    return count;
                }
                switch (Marshal.GetLastSystemError())
                {
                    case LinuxSockets.WouldBlock:
                        _ready = false;
                        return NotReady;
                    case LinuxSockets.Interrupted:
                        continue;
                    case var error:
                        throw LinuxSockets.ExceptionOf(error);
                }
            }
        }
    }
}
