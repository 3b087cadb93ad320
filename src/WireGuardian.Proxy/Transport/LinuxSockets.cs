using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace WireGuardian.Proxy.Transport;

/// <summary>The system calls that <see cref="PollLoop"/> and <see cref="PolledStream"/> need, as Linux numbers them.</summary>
internal static partial class LinuxSockets
{
    public const int DontWait = 0x40;
    public const int Peek = 0x02;
    public const int NoSignal = 0x4000;

    public const int EpollAdd = 1;
    public const int EpollModify = 3;

    public const uint EpollIn = 0x001;
    public const uint EpollOut = 0x004;
    public const uint EpollError = 0x008;
    public const uint EpollHangUp = 0x010;
    public const uint EpollReadHangUp = 0x2000;
    public const uint EpollEdgeTriggered = 1u << 31;

    public const int Interrupted = 4;
    public const int WouldBlock = 11;
    public const int InProgress = 115;

    private const int CloseOnExec = 0x80000;
    private const int NonBlocking = 0x800;
    private const int StreamSocket = 1;
    private const int InterNetwork = 2;
    private const int InterNetworkV6 = 10;

    /// <summary>Bytes of a struct epoll_event, which is packed on x86 alone: 32 bits of events, then 64 bits of data.</summary>
    public static readonly int EventSize = IsPacked ? 12 : 16;

    /// <summary>Where an event's data begins.</summary>
    public static readonly int EventDataOffset = IsPacked ? 4 : 8;

    private static bool IsPacked => RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.X86;

    /// <summary>A new epoll instance. Throws <see cref="SocketException"/>.</summary>
    public static SafeSocketHandle CreateEpoll() => new(Check(EpollCreate(CloseOnExec)), ownsHandle: true);

    /// <summary>A TCP socket that does not block. Throws <see cref="SocketException"/>.</summary>
    public static SafeSocketHandle CreateSocket(AddressFamily family) => new(
        Check(Socket(family == AddressFamily.InterNetworkV6 ? InterNetworkV6 : InterNetwork, StreamSocket | NonBlocking | CloseOnExec, 0)), ownsHandle: true);

    /// <summary>What an error number means to .NET.</summary>
    public static SocketException ExceptionOf(int error) => new((int)(error switch
    {
        13 or 1 => SocketError.AccessDenied,
        24 or 23 => SocketError.TooManyOpenSockets,
        32 => SocketError.Shutdown,
        97 => SocketError.AddressFamilyNotSupported,
        99 => SocketError.AddressNotAvailable,
        100 => SocketError.NetworkDown,
        101 => SocketError.NetworkUnreachable,
        103 => SocketError.ConnectionAborted,
        104 => SocketError.ConnectionReset,
        105 or 12 => SocketError.NoBufferSpaceAvailable,
        107 => SocketError.NotConnected,
        110 => SocketError.TimedOut,
        111 => SocketError.ConnectionRefused,
        112 => SocketError.HostDown,
        113 => SocketError.HostUnreachable,
        _ => SocketError.SocketError,
    }));

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    public static partial int EpollControl(SafeSocketHandle epoll, int operation, SafeSocketHandle socket, ReadOnlySpan<byte> @event);

    /// <summary>Leaves its error to <see cref="Marshal.GetLastSystemError"/>, as <see cref="Send"/> does: they are called for every message.</summary>
    [LibraryImport("libc", EntryPoint = "recv")]
    public static unsafe partial nint Receive(int socket, byte* buffer, nint length, int flags);

    [LibraryImport("libc", EntryPoint = "send")]
    public static unsafe partial nint Send(int socket, byte* buffer, nint length, int flags);

    /// <inheritdoc cref="Receive"/>
    [LibraryImport("libc", EntryPoint = "epoll_wait")]
    public static unsafe partial int EpollWait(int epoll, byte* events, int maxEvents, int timeout);

    [LibraryImport("libc", EntryPoint = "connect", SetLastError = true)]
    public static partial int Connect(SafeSocketHandle socket, ReadOnlySpan<byte> address, int length);

    private static int Check(int result) => result >= 0 ? result : throw ExceptionOf(Marshal.GetLastPInvokeError());

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    private static partial int EpollCreate(int flags);

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    private static partial int Socket(int family, int type, int protocol);
}
