namespace WireGuardian.Core.Masking.Values;

/// <summary>
/// Bytes that take the place of others: stand-ins of values, bodies of redacted messages. One is kept and cleared for the next use, so that nothing is
/// allocated once it has grown to what is usual. Not safe for several threads at once.
/// </summary>
public sealed class MaskOutput
{
    private const int FirstCapacity = 256;

    // One large value must not stay in memory for as long as its session.
    private const int KeptCapacity = 256 * 1024;

    private byte[] _buffer = new byte[FirstCapacity];

    /// <summary>Bytes written.</summary>
    public int Length { get; private set; }

    /// <summary>What was written; valid until the next change.</summary>
    public Span<byte> Written => _buffer.AsSpan(0, Length);

    /// <summary>Forgets what was written.</summary>
    public void Clear()
    {
        Length = 0;
        if (_buffer.Length > KeptCapacity)
            _buffer = new byte[FirstCapacity];
    }

    /// <summary>Takes back what was written after the first <paramref name="length"/> bytes.</summary>
    public void Truncate(int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)length, (uint)Length);
        Length = length;
    }

    /// <summary>Appends <paramref name="count"/> bytes of any content, for the caller to fill before the next change.</summary>
    public Span<byte> Extend(int count)
    {
        var start = Length;
        if (_buffer.Length - start < count)
            Array.Resize(ref _buffer, Math.Max(checked(start + count), (int)Math.Min(Array.MaxLength, _buffer.Length * 2L)));
        Length = start + count;
        return _buffer.AsSpan(start, count);
    }

    public void Write(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Extend(bytes.Length));

    public void WriteByte(byte value) => Extend(1)[0] = value;
}
