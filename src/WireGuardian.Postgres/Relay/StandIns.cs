using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using WireGuardian.Postgres.Framing;

namespace WireGuardian.Postgres.Relay;

/// <summary>
/// Messages that the server is sure to refuse, sent in the place of refused ones: so transaction state, skipping until Sync and atomicity are
/// the server's own. Only its error's text is exchanged.
/// </summary>
public static class StandIns
{
    private static readonly byte[] FlushMessage = [FrontendMessageType.Flush, 0, 0, 0, 4];

    private static readonly byte[] SyncMessage = [FrontendMessageType.Sync, 0, 0, 0, 4];

    /// <summary>Ends what begins with messages of our own and goes on with a Query: an error makes the server pass over all up to here.</summary>
    public static ReadOnlySpan<byte> Sync => SyncMessage;

    /// <summary>Makes the server send what it has answered so far.</summary>
    public static ReadOnlySpan<byte> Flush => FlushMessage;

    /// <summary>A Query that cannot be parsed; the server's log shows the request it stands for.</summary>
    public static void WriteQuery(IBufferWriter<byte> output, string requestId) =>
        Write(output, FrontendMessageType.Query, $"refused /* WireGuardian request {requestId} */\0", 0);

    /// <summary>An Execute of a portal that cannot exist: nobody else knows its name.</summary>
    public static void WriteExecute(IBufferWriter<byte> output, string requestId) =>
        Write(output, FrontendMessageType.Execute, $"refused by WireGuardian, request {requestId} {Guid.NewGuid():n}\0", sizeof(int));

    /// <summary>A call of the function with number 0, which does not exist.</summary>
    public static void WriteFunctionCall(IBufferWriter<byte> output) =>
        // Function 0, no argument formats, no arguments, result in text.
        Write(output, FrontendMessageType.FunctionCall, "", sizeof(int) + (3 * sizeof(short)));

    /// <summary>A Describe of a portal.</summary>
    public static void WriteDescribePortal(IBufferWriter<byte> output, ReadOnlySpan<byte> name) => WriteTarget(output, FrontendMessageType.Describe, 'P', name);

    /// <summary>Has the server describe a query, which is not run. A named statement is closed again; the unnamed one may be left.</summary>
    public static void WriteDescription(IBufferWriter<byte> output, ReadOnlySpan<byte> name, ReadOnlySpan<byte> query)
    {
        // No parameter has its type given.
        var length = sizeof(int) + name.Length + 1 + query.Length + 1 + sizeof(short);
        var span = output.GetSpan(1 + length)[..(1 + length)];
        span.Clear();
        span[0] = FrontendMessageType.Parse;
        BinaryPrimitives.WriteInt32BigEndian(span[1..], length);
        name.CopyTo(span[5..]);
        query.CopyTo(span[(6 + name.Length)..]);
        output.Advance(1 + length);
        WriteTarget(output, FrontendMessageType.Describe, 'S', name);
        if (!name.IsEmpty)
            WriteTarget(output, FrontendMessageType.Close, 'S', name);
    }

    private static void WriteTarget(IBufferWriter<byte> output, byte type, char kind, ReadOnlySpan<byte> name)
    {
        var length = sizeof(int) + 1 + name.Length + 1;
        var span = output.GetSpan(1 + length);
        span[0] = type;
        BinaryPrimitives.WriteInt32BigEndian(span[1..], length);
        span[5] = (byte)kind;
        name.CopyTo(span[6..]);
        span[6 + name.Length] = 0;
        output.Advance(1 + length);
    }

    private static void Write(IBufferWriter<byte> output, byte type, string text, int zeros)
    {
        var length = sizeof(int) + Encoding.ASCII.GetByteCount(text) + zeros;
        var span = output.GetSpan(1 + length)[..(1 + length)];
        span.Clear();
        span[0] = type;
        BinaryPrimitives.WriteInt32BigEndian(span[1..], length);
        Encoding.ASCII.GetBytes(text, span[5..]);
        output.Advance(1 + length);
    }
}
