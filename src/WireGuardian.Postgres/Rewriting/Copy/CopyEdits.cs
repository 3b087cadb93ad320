using System.Buffers.Binary;
using WireGuardian.Postgres.Framing;
using WireGuardian.Proxy.Relay;

namespace WireGuardian.Postgres.Rewriting.Copy;

/// <summary>
/// Puts CopyData messages into the output as they are edited. What is not replaced goes out as slices of the input; a message gets a header of its own only once
/// its length changes.
/// </summary>
public sealed class CopyEdits
{
    private RelayOutput _output = new();
    private int _forwardFrom;
    private int _message;
    private int _header;
    private int _length;

    /// <summary>Begins with the messages from <paramref name="start"/> on.</summary>
    public void BeginRun(RelayOutput output, int start) => (_output, _forwardFrom) = (output, start);

    /// <summary>The next message of the run, of which <paramref name="bodyLength"/> bytes of data follow the header.</summary>
    public void BeginMessage(int start, int bodyLength) => (_message, _header, _length) = (start, -1, bodyLength);

    /// <summary>The next piece of a message that is too long to come whole: it goes out as a message.</summary>
    public void BeginPiece(int start, int length)
    {
        (_message, _length) = (start, length);
        _output.Forward(_forwardFrom, start - _forwardFrom);
        _forwardFrom = start;
        ReserveHeader();
    }

    /// <summary>Sends nothing of the input from <paramref name="start"/> to <paramref name="end"/>, between two messages.</summary>
    public void Drop(int start, int end)
    {
        _output.Forward(_forwardFrom, start - _forwardFrom);
        _forwardFrom = end;
    }

    /// <summary>Sends <paramref name="with"/> in the place of the input from <paramref name="start"/> to <paramref name="end"/>.</summary>
    public void Replace(int start, int end, ReadOnlySpan<byte> with)
    {
        if (_header < 0)
        {
            _output.Forward(_forwardFrom, _message - _forwardFrom);
            _forwardFrom = _message + MessageHeader.Size;
            ReserveHeader();
        }
        _output.Forward(_forwardFrom, start - _forwardFrom);
        _output.Insert(with);
        _forwardFrom = end;
        _length += with.Length - (end - start);
    }

    /// <summary>The message, or the piece, is over.</summary>
    public void EndMessage()
    {
        if (_header >= 0)
            BinaryPrimitives.WriteInt32BigEndian(_output.Patch(_header + 1, sizeof(int)), _length + sizeof(int));
    }

    /// <summary>All up to <paramref name="end"/> was dealt with.</summary>
    public void EndRun(int end) => _output.Forward(_forwardFrom, end - _forwardFrom);

    private void ReserveHeader()
    {
        _header = _output.Reserve(MessageHeader.Size);
        _output.Patch(_header, 1)[0] = BackendMessageType.CopyData;
    }
}
