using WireGuardian.MySql.Framing;
using WireGuardian.Proxy;

namespace WireGuardian.MySql.Relay;

/// <summary>The column definitions of the result that begins, one after the other, until a plan is made of them.</summary>
public sealed class ResultColumns
{
    private const int KeptSize = 16 << 10;

    private byte[] _bytes = new byte[256];
    private int[] _ends = new int[8];
    private int _length;

    public int Count { get; private set; }

    /// <summary>All payloads, for comparing with those of another result.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    public void Clear()
    {
        (Count, _length) = (0, 0);
        if (_bytes.Length > KeptSize)
            _bytes = new byte[256];
    }

    public void Add(ReadOnlySpan<byte> payload)
    {
        if (_bytes.Length - _length < payload.Length)
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + payload.Length));
        if (Count == _ends.Length)
            Array.Resize(ref _ends, Count * 2);
        payload.CopyTo(_bytes.AsSpan(_length));
        _length += payload.Length;
        _ends[Count++] = _length;
    }

    /// <summary>The definition of a column.</summary>
    public ColumnDefinition41 this[int column]
    {
        get
        {
            var start = column == 0 ? 0 : _ends[column - 1];
            return ColumnDefinition41.TryParse(_bytes.AsSpan(start, _ends[column] - start), out var definition)
                ? definition
                : throw new ProtocolException(ProtocolFault.Server, "a column definition that is cut short");
        }
    }
}
