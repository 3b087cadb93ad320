using System.Buffers.Binary;
using WireGuardian.Core.Statements;
using WireGuardian.Postgres.Framing;
using WireGuardian.Postgres.Messages;
using WireGuardian.Postgres.Rewriting;
using WireGuardian.Proxy.Relay;

namespace WireGuardian.Postgres.Relay;

/// <summary>Puts errors and notices of statements that involve masked columns on their way without values.</summary>
public sealed class ErrorRedaction
{
    private static readonly HashSet<Identifier> NoNames = [];

    private readonly MaskOutput _body = new();

    /// <summary>Writes the message with its values redacted; names that the statement itself holds stay.</summary>
    /// <param name="type">ErrorResponse or NoticeResponse.</param>
    /// <param name="body">The message without its type and length.</param>
    /// <param name="statement">The client's statement.</param>
    /// <param name="output">Takes the message.</param>
    /// <param name="hasPosition">False where a position in it would be one in a text of our own.</param>
    public void Write(byte type, ReadOnlySpan<byte> body, PreparedStatement? statement, RelayOutput output, bool hasPosition = true)
    {
        MessageRedactor.Redact(body, statement?.Identifiers ?? NoNames, _body);
        if (!hasPosition)
            RemovePosition();
        var header = output.GetSpan(MessageHeader.Size);
        header[0] = type;
        BinaryPrimitives.WriteInt32BigEndian(header[1..], _body.Length + sizeof(int));
        output.Advance(MessageHeader.Size);
        output.Insert(_body.Written);
        _body.Clear();
    }

    private void RemovePosition()
    {
        var kept = 0;
        for (var rest = _body.Written; rest.Length > 1;)
        {
            var length = rest.IndexOf((byte)0) + 1;
            if (rest[0] != ErrorField.Position)
            {
                rest[..length].CopyTo(_body.Written[kept..]);
                kept += length;
            }
            rest = rest[length..];
        }
        _body.Truncate(kept);
        _body.WriteByte(0);
    }
}
