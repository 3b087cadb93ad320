using System.Net;
using System.Net.Sockets;
using WireGuardian.Core.Audit;
using WireGuardian.Core.Policies;

namespace WireGuardian.Proxy.Egress;

/// <summary>
/// The last line, which knows no SQL and no protocol: looks at all that one client is sent, from the first byte on, for values that nobody may receive. Nothing is held
/// back: what was sent last is remembered, and bytes that would complete a value are not sent. Calls are one after another, as the sends are.
/// </summary>
public sealed class EgressWatch(CanarySource source, Socket client)
{
    private const int Remembered = Canary.MaxLength - 1;

    private byte[]? _seam;
    private int _sentLength;

    /// <summary>Describes the session for the record of a find; without it, before somebody has logged in, only the address is known.</summary>
    public Func<AuditRecord>? Session { get; set; }

    /// <summary>Is asked before <paramref name="bytes"/> are sent.</summary>
    /// <exception cref="CanaryFoundException">With them a value would have left as a whole; nothing of them may be sent.</exception>
    public void Pass(ReadOnlySpan<byte> bytes)
    {
        if (source.Current is not { } search)
        {
            _sentLength = 0;
            return;
        }
        // The end of what was sent, and behind it the beginning of what is to be sent: a value may lie across.
        _seam ??= new byte[2 * Remembered];
        var beginning = bytes[..Math.Min(bytes.Length, Remembered)];
        beginning.CopyTo(_seam.AsSpan(_sentLength));
        var before = Math.Min(_sentLength, search.LongestLength - 1);
        var found = search.FindIn(_seam.AsSpan(_sentLength - before, before + beginning.Length));
        if (found is null && bytes.Length > beginning.Length)
            found = search.FindIn(bytes);
        if (found is not null)
            throw Found(found, bytes);
        Remember(bytes, _sentLength + beginning.Length);
    }

    private void Remember(ReadOnlySpan<byte> bytes, int seamLength)
    {
        if (bytes.Length >= Remembered)
        {
            bytes[^Remembered..].CopyTo(_seam);
            _sentLength = Remembered;
            return;
        }
        _sentLength = Math.Min(seamLength, Remembered);
        _seam.AsSpan(seamLength - _sentLength, _sentLength).CopyTo(_seam);
    }

    private CanaryFoundException Found(Canary canary, ReadOnlySpan<byte> bytes)
    {
        source.Report(canary, Session?.Invoke() ?? new AuditRecord
        {
            Time = source.Time.GetUtcNow(),
            Event = AuditEvents.Canary,
            Client = Address(),
            Listener = source.Listener,
        });
        return new CanaryFoundException(canary, bytes[..Math.Min(bytes.Length, CanaryFoundException.BeginningLength)].ToArray());
    }

    private string Address()
    {
        try
        {
            return (client.RemoteEndPoint as IPEndPoint)?.Address.ToString() ?? "";
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            return "";
        }
    }
}
