using System.Buffers.Binary;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace WireGuardian.Proxy.Transport;

/// <summary>
/// A thread that waits for the sockets given to it (epoll, edge-triggered) and runs what waits for them, there and then. The process has a few of
/// them, which live as long as it does; sockets are dealt out in turn. Nothing that runs on one may block.
/// </summary>
internal sealed class PollLoop
{
    private const int EventsAtOnce = 128;

    private static readonly Lazy<PollLoop[]> Loops = new(
        () => [.. Enumerable.Range(0, Math.Clamp(Environment.ProcessorCount / 2, 1, 16)).Select(number => new PollLoop(number))]);

    private static int _next = -1;

    private readonly SafeSocketHandle _epoll = LinuxSockets.CreateEpoll();
    private readonly Lock _changing = new();
    private readonly Stack<int> _freePlaces = new();

    // Read without the lock: an event finds its socket by place, and the socket knows its key.
    private volatile PolledStream?[] _sockets = new PolledStream?[64];
    private uint _registrations;
    private int _used;

    private PollLoop(int number) => new Thread(Run) { IsBackground = true, Name = $"poll {number}" }.Start();

    /// <summary>The loop whose turn it is.</summary>
    public static PollLoop Next() => Loops.Value[(uint)Interlocked.Increment(ref _next) % (uint)Loops.Value.Length];

    /// <summary>A key for a socket that is to be waited for: its place, and a number that is not given again, for the place is.</summary>
    public ulong NextKey()
    {
        lock (_changing)
        {
            if (!_freePlaces.TryPop(out var place))
                place = _used++;
            if (place == _sockets.Length)
            {
                var more = new PolledStream?[place * 2];
                _sockets.CopyTo(more, 0);
                _sockets = more;
            }
            return ((ulong)++_registrations << 32) | (uint)place;
        }
    }

    /// <summary>Begins to wait for a socket. What is ready already is told as well. Throws <see cref="SocketException"/>, and its key is no longer one.</summary>
    public void Add(PolledStream stream, SafeSocketHandle socket)
    {
        lock (_changing)
            _sockets[(int)(uint)stream.Key] = stream;
        try
        {
            Control(LinuxSockets.EpollAdd, socket, stream.Key);
        }
        catch
        {
            Remove(stream.Key);
            throw;
        }
    }

    /// <summary>Has the socket's readiness told once more, after everybody else had a turn.</summary>
    public void Rearm(SafeSocketHandle socket, ulong key) => Control(LinuxSockets.EpollModify, socket, key);

    /// <summary>Forgets a socket that is about to be closed, which takes it out of the epoll set.</summary>
    public void Remove(ulong key)
    {
        lock (_changing)
        {
            _sockets[(int)(uint)key] = null;
            _freePlaces.Push((int)(uint)key);
        }
    }

    private void Control(int operation, SafeSocketHandle socket, ulong key)
    {
        Span<byte> settings = stackalloc byte[16];
        BinaryPrimitives.WriteUInt32LittleEndian(
            settings, LinuxSockets.EpollIn | LinuxSockets.EpollOut | LinuxSockets.EpollReadHangUp | LinuxSockets.EpollEdgeTriggered);
        BinaryPrimitives.WriteUInt64LittleEndian(settings[LinuxSockets.EventDataOffset..], key);
        if (LinuxSockets.EpollControl(_epoll, operation, socket, settings) < 0)
            throw LinuxSockets.ExceptionOf(Marshal.GetLastPInvokeError());
    }

    private void Run()
    {
        var events = new byte[EventsAtOnce * LinuxSockets.EventSize];
        // As long as the process lives it is not closed.
        var epoll = (int)_epoll.DangerousGetHandle();
        while (true)
        {
            var count = Wait(epoll, events);
            for (var i = 0; i < count; i++)
            {
                var one = events.AsSpan(i * LinuxSockets.EventSize, LinuxSockets.EventSize);
                if (Find(BinaryPrimitives.ReadUInt64LittleEndian(one[LinuxSockets.EventDataOffset..])) is { } stream)
                    Tell(stream, BinaryPrimitives.ReadUInt32LittleEndian(one));
            }
        }
    }

    /// <summary>Waits until something is ready; gives the number of events, 0 when a signal came first.</summary>
    private static unsafe int Wait(int epoll, byte[] events)
    {
        fixed (byte* first = events)
        {
            var count = LinuxSockets.EpollWait(epoll, first, EventsAtOnce, timeout: -1);
            if (count < 0 && Marshal.GetLastSystemError() is var error and not LinuxSockets.Interrupted)
                throw LinuxSockets.ExceptionOf(error);
            return count;
        }
    }

    private static void Tell(PolledStream stream, uint events)
    {
        try
        {
            stream.Ready(events);
        }
        catch (Exception)
        {
            // Thrown by whoever waited for this socket, who ought to have kept it: it costs them the socket, not everybody the thread.
            stream.Dispose();
        }
    }

    /// <summary>An event that was fetched before its socket was removed is for nobody, even if the place is taken again by then.</summary>
    private PolledStream? Find(ulong key) => _sockets[(int)(uint)key] is { } stream && stream.Key == key ? stream : null;
}
