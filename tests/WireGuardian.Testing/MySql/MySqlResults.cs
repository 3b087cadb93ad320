using System.Buffers.Binary;
using System.Text;

namespace WireGuardian.Testing.MySql;

/// <summary>Follows the packets of a text answer to its end and keeps the rows; packets of 16 MB and more are joined.</summary>
public sealed class MySqlResults(uint capabilities)
{
    private const int MoreResults = 8;
    private const int Largest = 0xFF_FFFF;

    private readonly List<string?[]> _rows = [];
    private byte[] _joined = [];
    private int _columns;
    private int _definitions;
    private bool _expectsEof;
    private bool _inRows;

    public bool AtEnd { get; private set; }

    public IReadOnlyList<string?[]> Rows => _rows;

    /// <summary>The ERR packet that ended it.</summary>
    public MySqlPacket? Error { get; private set; }

    private bool DeprecatesEof => (capabilities & MySqlCapabilities.DeprecateEof) != 0;

    public void Take(MySqlPacket packet)
    {
        _joined = [.. _joined, .. packet.Payload];
        if (packet.Payload.Length == Largest)
            return;
        var payload = _joined;
        _joined = [];
        if (payload is [0xFF, ..])
            (Error, AtEnd) = (packet, true);
        else if (_expectsEof)
            (_expectsEof, _inRows) = (false, true);
        else if (_definitions > 0)
            TakeDefinition();
        else if (_inRows)
            TakeRow(payload);
        else
            TakeFirst(payload);
    }

    private void TakeFirst(byte[] payload)
    {
        if (payload[0] == 0)
        {
            End(StatusOfOk(payload));
            return;
        }
        var at = 0;
        _columns = _definitions = (int)Integer(payload, ref at);
    }

    private void TakeDefinition()
    {
        if (--_definitions > 0)
            return;
        (_expectsEof, _inRows) = DeprecatesEof ? (false, true) : (true, false);
    }

    private void TakeRow(byte[] payload)
    {
        if (payload[0] == 0xFE && payload.Length < Largest && (DeprecatesEof || payload.Length == 5))
        {
            _inRows = false;
            End(DeprecatesEof ? StatusOfOk(payload) : BinaryPrimitives.ReadUInt16LittleEndian(payload.AsSpan(3)));
            return;
        }
        var row = new string?[_columns];
        var at = 0;
        for (var i = 0; i < _columns; i++)
        {
            if (payload[at] == 0xFB)
            {
                at++;
                continue;
            }
            var length = (int)Integer(payload, ref at);
            row[i] = Encoding.UTF8.GetString(payload, at, length);
            at += length;
        }
        _rows.Add(row);
    }

    private void End(ushort status) => AtEnd = (status & MoreResults) == 0;

    private static ushort StatusOfOk(byte[] payload)
    {
        var at = 1;
        Integer(payload, ref at);
        Integer(payload, ref at);
        return BinaryPrimitives.ReadUInt16LittleEndian(payload.AsSpan(at));
    }

    private static ulong Integer(byte[] payload, ref int at)
    {
        var first = payload[at++];
        var size = first switch { 0xFC => 2, 0xFD => 3, 0xFE => 8, _ => 0 };
        if (size == 0)
            return first;
        ulong value = 0;
        for (var i = 0; i < size; i++)
            value |= (ulong)payload[at + i] << (8 * i);
        at += size;
        return value;
    }
}
