using System.Buffers;
using System.Net.Sockets;
using System.Text;
using WireGuardian.MySql.Packets;

namespace WireGuardian.MySql.Startup;

/// <summary>What the proxy tells a client before it closes the connection.</summary>
/// <param name="Code">An error number of the servers'.</param>
/// <param name="SqlState">Five characters.</param>
/// <param name="Message">One line.</param>
public sealed record FatalError(ushort Code, string SqlState, string Message)
{
    /// <summary>The SQLSTATE of communication that went wrong.</summary>
    public const string CommunicationFailure = "08S01";

    private static readonly TimeSpan SendLimit = TimeSpan.FromSeconds(2);

    public static FatalError Malformed(string message) => new(ErrorCodes.MalformedPacket, "HY000", message);

    public static FatalError Unavailable(string message) => new(ErrorCodes.ConnectToForeignDataSource, "HY000", message);

    /// <summary>The payload of the ERR packet.</summary>
    /// <param name="withSqlState">False as long as the client has not said which protocol it speaks: then it takes none.</param>
    public byte[] ToPayload(bool withSqlState = true)
    {
        var payload = new ArrayBufferWriter<byte>();
        new ErrPacket
        {
            Code = Code,
            SqlState = withSqlState ? Encoding.ASCII.GetBytes(SqlState) : default(ReadOnlySpan<byte>),
            Message = Encoding.UTF8.GetBytes(Message),
        }.Write(payload);
        return payload.WrittenSpan.ToArray();
    }

    /// <summary>Tries to send it; a client that does not take it within the time is not waited for.</summary>
    public async ValueTask TrySendAsync(PacketChannel client, bool withSqlState, TimeProvider time)
    {
        using var limit = new CancellationTokenSource(SendLimit, time);
        try
        {
            await client.SendAsync(ToPayload(withSqlState), limit.Token);
        }
        catch (Exception exception) when (exception is IOException or SocketException or ObjectDisposedException or OperationCanceledException or InvalidOperationException)
        {
            // The connection is closed next in any case.
        }
    }
}
