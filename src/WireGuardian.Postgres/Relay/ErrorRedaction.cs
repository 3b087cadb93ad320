using System.Buffers.Binary;
using WireGuardian.Core.Statements;
using WireGuardian.Postgres.Framing;
using WireGuardian.Postgres.Rewriting;
using WireGuardian.Proxy.Relay;

namespace WireGuardian.Postgres.Relay;

/// <summary>Puts errors and notices of statements that involve masked columns on their way without values.</summary>
public sealed class ErrorRedaction
{
    private static readonly HashSet<Identifier> NoNames = [];

    private readonly MaskOutput _body = new();

    /// <summary>Writes the message with its values redacted; names that the statement itself holds stay.</summary>
    public void Write(byte type, ReadOnlySpan<byte> body, PreparedStatement? statement, RelayOutput output)
    {
        MessageRedactor.Redact(body, statement?.Identifiers ?? NoNames, _body);
        var header = output.GetSpan(MessageHeader.Size);
        header[0] = type;
        BinaryPrimitives.WriteInt32BigEndian(header[1..], _body.Length + sizeof(int));
        output.Advance(MessageHeader.Size);
        output.Insert(_body.Written);
        _body.Clear();
    }
}
