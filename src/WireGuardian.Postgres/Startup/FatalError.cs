using WireGuardian.Postgres.Messages;
using WireGuardian.Proxy.Transport;

namespace WireGuardian.Postgres.Startup;

/// <summary>What the proxy tells a client before it closes the connection.</summary>
/// <param name="SqlState">Five characters.</param>
/// <param name="Message">One line.</param>
/// <param name="Detail">More about it, or null.</param>
/// <param name="Hint">What to do, or null.</param>
public sealed record FatalError(string SqlState, string Message, string? Detail = null, string? Hint = null)
{
    public static FatalError ProtocolViolation(string message) => new(SqlStates.ProtocolViolation, message);

    /// <summary>Tries to send it; a client that does not take it within the time is not waited for.</summary>
    public async ValueTask TrySendAsync(Leg leg, TimeProvider time)
    {
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        ErrorResponseWriter.WriteFatal(output, SqlState, Message, Detail, Hint);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(2), time);
        try
        {
            await leg.SendAsync(output.WrittenMemory, limit.Token);
            await leg.Stream.FlushAsync(limit.Token);
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or OperationCanceledException or InvalidOperationException)
        {
            // The connection is closed next in any case.
        }
    }
}
