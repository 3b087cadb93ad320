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

    private readonly SafeSocketHandle _socket;
    private readonly bool _sends;
    private readonly Action _rearm;
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

    /// <param name="socket">The socket; closed by its owner, after <see cref="End"/>.</param>
    /// <param name="sends">Which of the two it is. A socket that nobody has sent to is taken for ready to send.</param>
    /// <param name="rearm">Has the loop tell the socket's readiness again.</param>
    public PolledDirection(SafeSocketHandle socket, bool sends, Action rearm)
    {
        (_socket, _sends, _rearm) = (socket, sends, rearm);
        _ready = sends;
    }

    /// <summary>True when whoever waits may be run on the loop's thread; otherwise the thread pool runs it.</summary>
    public bool RunsInline { get; set; }

    /// <summary>Receives into, or sends from, <paramref name="buffer"/>: bytes moved, or 0 at the end of what comes. An empty buffer waits until there is something.</summary>
    public ValueTask<int> RunAsync(Memory<byte> buffer, int flags = 0)
    {
        while (true)
        {
            lock (_changing)
            {
                if (_end is not null)
                    return ValueTask.FromException<int>(_end);
                var isTurnOver = _ready && !_sends && ++_turn > TurnLength;
                if (!_ready || isTurnOver)
                {
                    if (_cancelled)
                        return ValueTask.FromException<int>(new OperationCanceledException());
                    if (isTurnOver)
                        _rearm();
                    (_waiting, _buffer, _flags) = (true, buffer, flags);
                    _result.Reset();
                    _result.RunContinuationsAsynchronously = !RunsInline;
                    return new ValueTask<int>(this, _result.Version);
                }
                // Before the call: what becomes ready after it must not be overwritten.
                _ready = _hungUp;
            }
            try
            {
                if (TryRun(buffer, flags, out var count))
                    return new ValueTask<int>(count);
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                return ValueTask.FromException<int>(exception);
            }
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
            // The registration is awaited before the next call, so this one's token cannot end that.
            await registration.DisposeAsync();
            lock (_changing)
                _cancelled = false;
        }
    }

    /// <summary>The loop says that the socket is ready, or that its other side has ended. Runs who waits.</summary>
    public void Ready(bool hungUp)
    {
        if (Volatile.Read(ref _ready) && !hungUp && !Volatile.Read(ref _waiting))
        {
            _turn = 0;
            return;
        }
        lock (_changing)
        {
            _hungUp |= hungUp;
            _ready = true;
            _turn = 0;
            if (!_waiting)
                return;
            _waiting = false;
        }
        Continue();
    }

    /// <summary>Ends what is under way, and whatever comes after, with <paramref name="reason"/>.</summary>
    public void End(Exception reason)
    {
        lock (_changing)
        {
            _end ??= reason;
            if (!_waiting)
                return;
            _waiting = false;
            // Whoever ends it is not to run who waited.
            _result.RunContinuationsAsynchronously = true;
        }
        _result.SetException(reason);
    }

    int IValueTaskSource<int>.GetResult(short token) => _result.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<int>.GetStatus(short token) => _result.GetStatus(token);

    void IValueTaskSource<int>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _result.OnCompleted(continuation, state, token, flags);

    private void Continue()
    {
        try
        {
            while (true)
            {
                lock (_changing)
                {
                    if (_end is not null || _cancelled)
                        throw _end ?? new OperationCanceledException();
                    if (!_ready)
                    {
                        _waiting = true;
                        return;
                    }
                    _ready = _hungUp;
                }
                if (!TryRun(_buffer, _flags, out var count))
                    continue;
                _result.SetResult(count);
                return;
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            _result.SetException(exception);
        }
    }

    private void Cancel()
    {
        lock (_changing)
        {
            _cancelled = true;
            if (!_waiting)
                return;
            _waiting = false;
            _result.RunContinuationsAsynchronously = true;
        }
        _result.SetException(new OperationCanceledException());
    }

    /// <summary>The system call. False when the socket was not ready after all.</summary>
    private bool TryRun(Memory<byte> buffer, int flags, out int count)
    {
        while (true)
        {
            var done = _sends
                ? LinuxSockets.Send(_socket, buffer.Span, buffer.Length, flags | LinuxSockets.DontWait | LinuxSockets.NoSignal)
                : LinuxSockets.Receive(_socket, buffer.Span, buffer.Length, flags | LinuxSockets.DontWait);
            count = (int)done;
            if (done >= 0)
            {
                // Fewer than there was room for: that was all, and the kernel tells when there is more. Otherwise there may be more already.
                if (count == buffer.Length || count == 0 || (flags & LinuxSockets.Peek) != 0)
                {
                    lock (_changing)
                        _ready = true;
                }
                return true;
            }
            switch (Marshal.GetLastPInvokeError())
            {
                case LinuxSockets.WouldBlock:
                    return false;
                case LinuxSockets.Interrupted:
                    continue;
                case var error:
                    throw LinuxSockets.ExceptionOf(error);
            }
        }
    }
}
