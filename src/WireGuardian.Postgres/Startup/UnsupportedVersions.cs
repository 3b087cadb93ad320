using WireGuardian.Proxy.Limits;

namespace WireGuardian.Postgres.Startup;

/// <summary>
/// Gets the server's own answer to a protocol version that the proxy does not speak. The server must refuse it too: only an error is taken, and of the
/// client's nothing but the start-up packet goes there, so no session can come of it. One instance serves a listener.
/// </summary>
public sealed class UnsupportedVersions(UpstreamConnector connector, LimitOptions limits)
{
    /// <summary>Servers answer with some hundred bytes.</summary>
    private const int MaximumAnswer = 10_000;

    /// <summary>In ErrorResponse and in the errors of protocol 2 alike.</summary>
    private const byte ErrorType = (byte)'E';

    private int _inside;

    /// <summary>
    /// What the server said up to its end of the connection; null where it said something else than an error, too much or nothing, cannot be reached, or too
    /// many ask at once. Throws <see cref="OperationCanceledException"/> for the caller's token.
    /// </summary>
    public async ValueTask<ReadOnlyMemory<byte>?> AskAsync(StartupPacket packet, CancellationToken cancellationToken)
    {
        try
        {
            return Interlocked.Increment(ref _inside) <= limits.MaxConcurrentCancels ? await ExchangeAsync(packet, cancellationToken) : null;
        }
        catch (Exception exception) when (exception is LoginRefusedException or IOException)
        {
            return null;
        }
        finally
        {
            Interlocked.Decrement(ref _inside);
        }
    }

    private async ValueTask<ReadOnlyMemory<byte>?> ExchangeAsync(StartupPacket packet, CancellationToken cancellationToken)
    {
        await using var leg = await connector.ConnectAsync(cancellationToken);
        await leg.SendAsync(packet.Raw, cancellationToken);
        await leg.Stream.FlushAsync(cancellationToken);
        var answer = new byte[MaximumAnswer];
        for (var count = 0; count < answer.Length;)
        {
            var read = await leg.Stream.ReadAsync(answer.AsMemory(count), cancellationToken);
            count += read;
            if (count == 0 || answer[0] != ErrorType)
                return null;
            if (read == 0)
                return answer.AsMemory(0, count);
        }
        return null;
    }
}
