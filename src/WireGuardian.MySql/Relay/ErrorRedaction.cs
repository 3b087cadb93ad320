using System.Buffers;
using System.Text;
using WireGuardian.Core.Statements;
using WireGuardian.MySql.Packets;
using WireGuardian.MySql.Rewriting;

namespace WireGuardian.MySql.Relay;

/// <summary>Puts errors of statements that involve masked columns on their way without values.</summary>
public static class ErrorRedaction
{
    /// <summary>Writes the payload with what may be a value taken out of its message.</summary>
    /// <param name="payload">An ERR packet's payload.</param>
    /// <param name="runsCode">Code of the server's ran, which can put anything into a message (SIGNAL).</param>
    /// <param name="names">The names that the client's own statement holds.</param>
    /// <param name="output">Takes the payload.</param>
    public static void Write(ReadOnlySpan<byte> payload, bool runsCode, IEnumerable<Identifier> names, IBufferWriter<byte> output)
    {
        if (!ErrPacket.TryParse(payload, out var error))
        {
            new ErrPacket { Code = MessageRedactor.UnknownError, SqlState = "HY000"u8, Message = Encoding.ASCII.GetBytes(MessageRedactor.Withheld) }.Write(output);
            return;
        }
        var message = MessageRedactor.Redact(error.Code, Encoding.Latin1.GetString(error.Message), runsCode, names);
        new ErrPacket { Code = error.Code, SqlState = error.SqlState, Message = Encoding.Latin1.GetBytes(message) }.Write(output);
    }
}
