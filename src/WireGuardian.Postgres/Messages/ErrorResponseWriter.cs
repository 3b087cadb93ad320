using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using WireGuardian.Postgres.Framing;

namespace WireGuardian.Postgres.Messages;

/// <summary>
/// Writes the proxy's own ErrorResponse and NoticeResponse messages, in UTF-8. A NUL inside a text would end its field, so it is written as a space.
/// </summary>
public static class ErrorResponseWriter
{
    /// <summary>The session is over; close the connection after it.</summary>
    public static void WriteFatal(IBufferWriter<byte> output, string sqlState, string message, string? detail = null, string? hint = null) =>
        Write(output, BackendMessageType.ErrorResponse, "FATAL", sqlState, message, detail, hint);

    /// <summary>The statement failed; ReadyForQuery follows where the protocol's state asks for it.</summary>
    public static void WriteError(IBufferWriter<byte> output, string sqlState, string message, string? detail = null, string? hint = null) =>
        Write(output, BackendMessageType.ErrorResponse, "ERROR", sqlState, message, detail, hint);

    /// <summary>Tells the client something at any time.</summary>
    public static void WriteNotice(IBufferWriter<byte> output, string sqlState, string message, string? detail = null, string? hint = null) =>
        Write(output, BackendMessageType.NoticeResponse, "NOTICE", sqlState, message, detail, hint);

    private static void Write(
        IBufferWriter<byte> output, byte type, string severity, string sqlState, string message, string? detail, string? hint)
    {
        var length = 4 + SizeOf(severity) + SizeOf(severity) + SizeOf(sqlState) + SizeOf(message) + SizeOf(detail) + SizeOf(hint) + 1;
        var span = output.GetSpan(length + 1)[..(length + 1)];
        span[0] = type;
        BinaryPrimitives.WriteInt32BigEndian(span[1..], length);
        var rest = span[MessageHeader.Size..];
        rest = WriteField(rest, ErrorField.LocalizedSeverity, severity);
        rest = WriteField(rest, ErrorField.Severity, severity);
        rest = WriteField(rest, ErrorField.SqlState, sqlState);
        rest = WriteField(rest, ErrorField.Message, message);
        rest = WriteField(rest, ErrorField.Detail, detail);
        rest = WriteField(rest, ErrorField.Hint, hint);
        rest[0] = 0;
        output.Advance(length + 1);
    }

    private static int SizeOf(string? value) => value is null ? 0 : 2 + Encoding.UTF8.GetByteCount(value);

    private static Span<byte> WriteField(Span<byte> rest, byte code, string? value)
    {
        if (value is null)
            return rest;
        rest[0] = code;
        var count = Encoding.UTF8.GetBytes(value, rest[1..]);
        rest.Slice(1, count).Replace((byte)0, (byte)' ');
        rest[1 + count] = 0;
        return rest[(2 + count)..];
    }
}
