using System.Buffers;

namespace WireGuardian.Proxy.Relay;

/// <summary>
/// What one leg has sent and the relay has not dealt with yet: one contiguous stretch of bytes. Small while the connection is quiet, large while it
/// streams, and as large as one message that must be seen whole, up to a limit. Bytes are cleared before an array goes back to the pool, so that
/// they never show up in another session.
/// </summary>
public sealed class ReceiveBuffer : IDisposable
{
    /// <summary>Size while quiet: what 2,000 idle connections pay for.</summary>
    public const int QuietSize = 4 << 10;

    /// <summary>Size while streaming.</summary>
    public const int StreamingSize = 64 << 10;

    private const int QuietReceivesBeforeShrink = 16;

    private byte[] _array = new byte[QuietSize];
    private bool _rented;
    private int _start;
    private int _end;
    private int _smallReceives;
    private bool _wasFilled;

    /// <summary>The bytes not dealt with.</summary>
    public Span<byte> Unread => _array.AsSpan(_start, _end - _start);

    /// <summary>The same bytes, for sending without a copy.</summary>
    public ReadOnlyMemory<byte> UnreadMemory => _array.AsMemory(_start, _end - _start);

    /// <summary>Where the next bytes go. Does not move bytes that are there.</summary>
    public Memory<byte> Free => _array.AsMemory(_end);

    public int Capacity => _array.Length;

    /// <summary>Puts bytes in that were read before the relay began.</summary>
    public void Prime(ReadOnlySpan<byte> bytes)
    {
        EnsureRoom(bytes.Length);
        bytes.CopyTo(_array.AsSpan(_end));
        _end += bytes.Length;
    }

    /// <summary><paramref name="count"/> bytes were dealt with.</summary>
    public void Consume(int count) => _start += count;

    /// <summary><paramref name="count"/> bytes were received into <see cref="Free"/>.</summary>
    public void Received(int count)
    {
        _smallReceives = count <= QuietSize / 2 ? _smallReceives + 1 : 0;
        _end += count;
        _wasFilled = _end == _array.Length;
    }

    /// <summary>
    /// Makes room for the next receive. Moves or exchanges the array, so no receive may be under way.
    /// </summary>
    /// <param name="wanted">Bytes that must fit together with what is unread already, or 0 when any room will do.</param>
    public void MakeRoom(int wanted)
    {
        var unread = _end - _start;
        if (_wasFilled && _array.Length < StreamingSize)
        {
            // There was more than the room: fewer and larger receives from now on.
            Exchange(ArrayPool<byte>.Shared.Rent(StreamingSize), rented: true);
        }
        else if (unread == 0)
        {
            if (_rented && _smallReceives >= QuietReceivesBeforeShrink && wanted <= QuietSize)
                Exchange(new byte[QuietSize], rented: false);
            _start = _end = 0;
        }
        EnsureRoom(Math.Max(wanted - unread, 0));
    }

    /// <inheritdoc/>
    public void Dispose() => Exchange([], rented: false);

    private void EnsureRoom(int more)
    {
        var unread = _end - _start;
        if (_array.Length - _end >= Math.Max(more, 1) && _end < _array.Length)
            return;
        if (_start > 0 && _array.Length - unread >= Math.Max(more, _array.Length / 4))
        {
            Unread.CopyTo(_array);
            _start = 0;
            _end = unread;
            return;
        }
        var size = Math.Max(StreamingSize, unread + more);
        if (size > _array.Length)
            Exchange(ArrayPool<byte>.Shared.Rent(size), rented: true);
        else
            Exchange(ArrayPool<byte>.Shared.Rent(_array.Length * 2), rented: true);
    }

    private void Exchange(byte[] array, bool rented)
    {
        var unread = _end - _start;
        if (array.Length >= unread)
            Unread.CopyTo(array);
        if (_rented)
            ArrayPool<byte>.Shared.Return(_array, clearArray: true);
        (_array, _rented, _start, _end, _smallReceives) = (array, rented, 0, Math.Min(unread, array.Length), 0);
        _wasFilled = false;
    }
}
